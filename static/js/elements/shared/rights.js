/** What the page offers to whom. The server decides; this only spares people buttons that it would refuse. */

export const isStaff = (user) => user.role === "owner" || user.role === "admin";
const named = (room) => room.kind === "public" || room.kind === "private";

export const mayCreate = (me) => me.role !== "guest";

export const mayTalkTo = (me) => me.role !== "guest";

export const mayInvite = (me, room) => room.kind !== "direct" && me.role !== "guest" && !room.archived;

/** Whether I may rename the room, slow it down, archive it and reopen it. */
export const mayManage = (me, room) =>
  named(room) && me.role !== "guest" && (room.role === "owner" || room.role === "moderator" || (room.role !== null && isStaff(me)));

export const mayTopic = (me, room) => named(room) && me.role !== "guest" && room.role !== null && !room.archived;

/** Whether I may take this member out of the room: nobody removes an owner but another owner, or the server's staff. */
export function mayRemove(me, room, member) {
  if (room.kind === "direct" || me.role === "guest" || member.user.id === me.id) return false;
  if (isStaff(me) || room.role === "owner") return true;
  return room.role === "moderator" && member.role !== "owner";
}

/**
 * The roles that I may give this member instead of the one that they have. A room keeps its last owner.
 *
 * @param {import("../../models/members.js").Members} members those of the room, as far as they are known
 */
export function rolesFor(me, room, member, members) {
  if (!named(room) || me.role === "guest" || member.user.role === "guest") return [];
  if (room.role !== "owner" && !isStaff(me)) return [];
  const owners = members.list.filter((one) => one.role === "owner");
  if (member.role === "owner" && owners.length === 1 && !members.more) return [];
  return ["owner", "moderator", "member"].filter((role) => role !== member.role);
}
