/** Whom a text calls, as far as it can be told before the server does. */

import { begins, runsIn } from "../lib/names.js";
import { isInside, mayCall } from "./completion-items.js";

/** From so many members on, whoever calls them all is asked first. */
export const MANY = 10;
/** Rooms with more pages of members than this are not looked through for one name. */
const PAGES = 10;

const withoutCode = (text) => text.replace(/^ {0,3}(`{3,}|~{3,})[\s\S]*?(?:^ {0,3}\1|(?![\s\S]))/gm, " ").replace(/(?<!`)(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)/g, " ");

const namedIn = (text) => (text.includes("@") ? runsIn(withoutCode(text)) : []);

/** @returns {"room" | "here" | null} the wider one, where a text has both */
export function callOf(text) {
  const runs = namedIn(text);
  return ["room", "here"].find((call) => runs.some((run) => begins(run, call))) ?? null;
}

/** Whether somebody should be asked before this text calls so many. */
export const shouldAsk = (me, room, text) => mayCall(me, room) && room.memberCount >= MANY && callOf(text) !== null;

/**
 * Those whom a text names and who are not in the room, so that it does not reach them.
 *
 * @returns {Promise<object[]>} users; none where that can't be known
 */
export async function outsidersIn(client, room, text) {
  const runs = namedIn(text);
  if (!runs.length) return [];
  const isNamed = ({ username }) => runs.some((run) => begins(run, username.toLowerCase()));
  const named = client.people.known(Infinity).filter((user) => user.id !== client.me.id && isNamed(user));
  if (named.some((user) => isInside(room, user.id) === null)) await loadMembers(room.members);
  return named.filter((user) => isInside(room, user.id) === false);
}

async function loadMembers(members) {
  if (!members.loaded) await members.load();
  for (let page = 1; members.more && !members.error && page < PAGES; page += 1) await members.loadMore();
}
