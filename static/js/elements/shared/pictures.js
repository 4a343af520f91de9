import { kindOf } from "../../lib/files.js";

/**
 * Pictures that can be looked at one after the other.
 *
 * @typedef {{file: object, message: number, seq: number, author: number, name: string, when: string}} Picture
 */

/** @returns {Picture[]} those of the messages that are loaded, from the oldest to the newest */
export function picturesIn(client, room) {
  return room.timeline.messages.flatMap(({ id, seq, author, created_at: when, files }) =>
    files.filter(isPicture).map((file) => ({ file, message: id, seq, author: author.id, name: client.people.author(author).name, when })),
  );
}

/** @returns {Picture[]} those of what a room's list of files has, from the oldest to the newest */
export function picturesOf(client, entries) {
  return entries
    .filter(({ file }) => isPicture(file))
    .map(({ file, message, seq, author, created_at: when }) => ({ file, message, seq, author, name: client.people.get(author).name, when }))
    .reverse();
}

/** Whether the message has been deleted since, as far as that is known here. */
export function isGone(room, { file, message, seq }) {
  const known = room.timeline?.get(seq);
  if (known) return !known.files.some((one) => one.id === file.id);
  return room.files.loaded && !room.files.hasMore && !room.files.list.some((entry) => entry.message === message);
}

export const isPicture = (file) => kindOf(file) === "picture";
