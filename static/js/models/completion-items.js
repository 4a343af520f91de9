/** What a typed word may stand for, the likeliest first. */

import { byName } from "../lib/order.js";

const MOST = 10;
const RECENT = 50;
/** What people type who mean everybody. */
const CALLS = {
  here: ["here", "online", "在线"],
  room: ["room", "all", "everyone", "channel", "所有人", "全体"],
};

const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLocaleLowerCase();

/** How well a word fits what is typed: 0 wholly, 1 and 2 by its beginning, 3 somewhere inside, null not at all. */
function fit(typed, ...words) {
  let best = null;
  for (const [place, word] of words.map(fold).entries()) {
    let rank = null;
    if (word === typed) rank = 0;
    else if (word.startsWith(typed)) rank = 1;
    else if (place && word.split(/[\s_.-]+/).some((part) => part.startsWith(typed))) rank = 2;
    else if (word.includes(typed)) rank = 3;
    if (rank !== null && (best === null || rank < best)) best = rank;
  }
  return best;
}

/**
 * People for "@": those in the room, those who spoke last first; whoever calls everybody; then the others.
 *
 * @param {{query: string, found: number[], inviting: boolean}} asked `found`: ids that the server found for the query;
 *   `inviting`: those who are in the room already are not wanted
 */
export function peopleItems(client, room, { query, found, inviting }) {
  const typed = fold(query);
  const recent = recentAuthors(room);
  const wanted = new Set(found);
  const people = client.people
    .known(Infinity)
    .filter((user) => user.id !== client.me.id)
    .map((user) => ({ user, rank: fit(typed, user.username, user.name) ?? (wanted.has(user.id) ? 4 : null), inside: isInside(room, user.id) }))
    .filter(({ rank, inside }) => rank !== null && !(inviting && inside === true));
  const order = (a, b) => a.rank - b.rank || place(recent, a.user.id) - place(recent, b.user.id) || byName(a.user.name, b.user.name);
  const item = ({ user, inside }) => ({ key: `person-${user.id}`, kind: "person", insert: `@${user.username}`, user, outside: inside === false });
  const near = people.filter(({ inside, user }) => inside === true || (inside === null && recent.has(user.id))).sort(order);
  const unsure = people.filter(({ inside, user }) => inside === null && !recent.has(user.id)).sort(order);
  const far = people.filter(({ inside }) => inside === false).sort(order);
  const calls = inviting || !mayCall(client.me, room) ? [] : callItems(typed);
  const most = MOST - calls.length;
  const close = [...near, ...unsure].slice(0, most);
  const rest = far.slice(0, most - close.length);
  const all = [...close.map(item), ...calls, ...rest.map(item)];
  const exact = all.findIndex((one) => fold(one.insert.slice(1)) === typed);
  return exact > 0 ? [all[exact], ...all.toSpliced(exact, 1)] : all;
}

/** Guests call nobody, and in a conversation, also with a visitor, everybody is called anyway. */
export const mayCall = (me, room) => room.kind !== "direct" && room.kind !== "help" && me.role !== "guest";

function callItems(typed) {
  return Object.keys(CALLS)
    .filter((call) => CALLS[call].some((word) => word.startsWith(typed)))
    .map((call) => ({ key: `call-${call}`, kind: "call", insert: `@${call}`, call }));
}

/** @returns {boolean | null} whether somebody is in the room; null where that is not known here */
export function isInside(room, id) {
  if (room.kind === "direct") return room.users?.includes(id) ?? null;
  const { members } = room;
  if (members.loaded && members.list.some((member) => member.user.id === id)) return true;
  return members.loaded && !members.more ? false : null;
}

/** Ids of those who spoke last, with their places. */
function recentAuthors(room) {
  const last = room.timeline?.messages.slice(-RECENT).toReversed() ?? [];
  return new Map([...new Set(last.map((message) => message.author.id))].map((id, index) => [id, index]));
}

const place = (recent, id) => recent.get(id) ?? RECENT;

/** Rooms for "#": mine, then the other public ones that the server found. */
export function roomItems(client, query, found) {
  const typed = fold(query);
  const mine = client.rooms.all.filter((room) => room.kind === "public" || room.kind === "private");
  const ids = new Set(mine.map((room) => room.id));
  const others = found.filter((room) => !ids.has(room.id) && (room.kind === "public" || room.kind === "private"));
  return [...ranked(mine, typed, false), ...ranked(others, typed, true)].slice(0, MOST);
}

function ranked(rooms, typed, outside) {
  return rooms
    .map((room) => ({ room, rank: fit(typed, room.name) }))
    .filter(({ rank }) => rank !== null)
    .sort((a, b) => a.rank - b.rank || byName(a.room.name, b.room.name))
    .map(({ room }) => ({ key: `room-${room.id}`, kind: "room", insert: `#${room.name}`, room, outside }));
}

export const emojiItems = (found) => found.map(({ emoji, name, shortcode }) => ({ key: `emoji-${emoji}`, kind: "emoji", insert: emoji, emoji, name, shortcode }));
