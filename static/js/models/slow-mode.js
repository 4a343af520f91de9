/** Slow mode: how long until I may speak again. The server decides; this only says so before it would refuse. */

const LEADERS = ["owner", "moderator"];
const STAFF = ["owner", "admin"];

export const isSlowed = (client, room) => room.slowMode > 0 && !LEADERS.includes(room.role) && !STAFF.includes(client.me.role);

/**
 * @returns {number} whole seconds; 0 where I may speak now. What was said in other tabs or before a reload counts too.
 */
export function secondsToWait(client, room, now = Date.now()) {
  if (!isSlowed(client, room)) return 0;
  const here = now + client.clockOffset;
  const spoken = Math.max(lastStored(client.me.id, room), lastOnItsWay(client.outbox, room));
  // A clock that has been set back must not make me wait for longer than the room asks.
  return Math.min(room.slowMode, Math.max(0, Math.ceil((spoken + room.slowMode * 1000 - here) / 1000)));
}

function lastStored(me, room) {
  const mine = room.timeline?.messages.findLast((message) => message.author.id === me && message.kind === "text");
  return mine ? Date.parse(mine.created_at) : 0;
}

function lastOnItsWay(outbox, room) {
  const entries = outbox.entries(room.id).filter((entry) => entry.state !== "failed");
  return Math.max(0, ...entries.map((entry) => Date.parse(entry.createdAt)));
}
