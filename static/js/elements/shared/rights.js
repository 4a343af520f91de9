/** What the page offers to whom. The server decides; this only spares people buttons that it would refuse. */

export const isStaff = (user) => user.role === "owner" || user.role === "admin";
export const isNamed = (room) => room.kind === "public" || room.kind === "private";

/** Whether I answer visitors. */
export const answersVisitors = (client) => client.features.includes("helps");

/** Whether I may take a visitor's conversation: one that waits, for me as well, or that a colleague has. */
export const mayTake = (me, { state, agent }) => state === "waiting" || (state === "open" && agent !== me.id);

/** Whether a visitor's conversation has somebody whom it can be taken from, to wait for anybody. */
export const mayRelease = ({ state, agent }) => state !== "resolved" && agent !== null;

/** Whoever leads the room, and the server's staff in it; a direct conversation has nobody who leads it. */
const leads = (me, room) =>
  isNamed(room) && me.role !== "guest" && room.role !== null && (room.role !== "member" || isStaff(me));

/** Whether nobody has muted me here. */
export const hasVoice = (client, room) => !client.sanctions.muteIn(room.id);

export const mayCreate = (me) => me.role !== "guest";

/** Whether I may begin a conversation with somebody. */
export const mayTalkTo = (me) => me.role !== "guest";

export const mayInvite = (me, room) => isNamed(room) && me.role !== "guest" && !room.archived;

/** Whether I may rename the room, slow it down, archive it and reopen it. */
export const mayManage = leads;

/** For how long what is said is kept, who owns the room says, and the server's staff in it. */
export const mayKeep = (me, room) => leads(me, room) && (room.role === "owner" || isStaff(me));

export const mayTopic = (client, room) => isNamed(room) && client.me.role !== "guest" && room.role !== null && !room.archived && hasVoice(client, room);

const ON_THE_SERVER = { owner: 2, admin: 1 };
const IN_A_ROOM = { owner: 2, moderator: 1 };

/** Who stands above whom; staff need no role in a room to stand above all that lead it. */
const rank = ({ role }, inRoom) => (ON_THE_SERVER[role] ?? 0) * 10 || (IN_A_ROOM[inRoom] ?? 0);

/** Whether what is reported in the room, and what is decided about people in it, is my business. */
export const mayModerate = leads;

/**
 * Whether I may warn or mute somebody in the room, or ban them from it: nobody who stands above me.
 *
 * @param {string | null} role theirs in the room, where they are in it
 */
export function mayDecide(me, room, user, role) {
  return mayModerate(me, room) && user.id !== me.id && rank(user, role) <= rank(me, room.role);
}

/** Whether I may warn or mute somebody everywhere. */
export const mayDecideAnywhere = (me, user) => isStaff(me) && user.id !== me.id && rank(user, null) <= rank(me, null);

/** Whether I may take this member out of the room: nobody removes an owner but another owner, or the server's staff. */
export function mayRemove(me, room, member) {
  if (!isNamed(room) || me.role === "guest" || member.user.id === me.id) return false;
  if (isStaff(me) || room.role === "owner") return true;
  return room.role === "moderator" && member.role !== "owner";
}

/**
 * The roles that I may give this member instead of the one that they have. A room keeps its last owner.
 *
 * @param {import("../../models/members.js").Members} members those of the room, as far as they are known
 */
export function rolesFor(me, room, member, members) {
  if (!isNamed(room) || me.role === "guest" || member.user.role === "guest") return [];
  if (room.role !== "owner" && !isStaff(me)) return [];
  const owners = members.list.filter((one) => one.role === "owner");
  if (member.role === "owner" && owners.length === 1 && !members.more) return [];
  return ["owner", "moderator", "member"].filter((role) => role !== member.role);
}

const there = (message) => !message.deleted && message.kind !== "system";

export const mayReply = (client, room, message) => !room.archived && there(message) && hasVoice(client, room);
export const mayReact = mayReply;
export const maySave = there;
export const mayReport = (me, room, message) => room.kind !== "help" && there(message) && message.author.id !== me.id;
export const mayPin = (client, room, message) => client.me.role !== "guest" && mayReply(client, room, message);

/** What people have said. */
const SAID = new Set(["text", "note"]);

/** My own words, within the server's time for that. */
export function mayEdit(client, room, message) {
  if (room.archived || !there(message) || !hasVoice(client, room) || message.author.id !== client.me.id || !SAID.has(message.kind)) return false;
  const { edit_seconds: seconds } = client.limits;
  const age = Date.now() + client.clockOffset - Date.parse(message.created_at);
  return !seconds || age < seconds * 1000;
}

export const mayDelete = (me, room, message) => there(message) && (message.author.id === me.id || leads(me, room));

/** In a small room one may know who has read what. */
export const maySeeReaders = (room, message) => !message.deleted && room.memberCount <= 50;

/** The server says to whom files are open. */
export const mayAttach = (client, room) => client.features.includes("files") && !room.archived && hasVoice(client, room);
