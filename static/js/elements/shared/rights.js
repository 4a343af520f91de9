/** What the page offers to whom. The server decides; this only spares people buttons that it would refuse. */

const staff = (user) => user.role === "owner" || user.role === "admin";

export const mayCreate = (me) => me.role !== "guest";

export const mayInvite = (me, room) => room.kind !== "direct" && me.role !== "guest" && !room.archived;

/** Whether I may take this member out of the room: nobody removes an owner but another owner, or the server's staff. */
export function mayRemove(me, room, member) {
  if (room.kind === "direct" || me.role === "guest" || member.user.id === me.id) return false;
  if (staff(me) || room.role === "owner") return true;
  return room.role === "moderator" && member.role !== "owner";
}
