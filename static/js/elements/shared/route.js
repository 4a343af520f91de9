/** Addresses of the conversation page: `/` and `/room/<id>`. */

const LAST = "hubbub.room";

export const roomPath = (id) => `/room/${id}`;

/** The room that an address names, or null. */
export function roomOf(path) {
  const match = /^\/room\/([1-9]\d{0,15})\/?$/.exec(path);
  return match ? Number(match[1]) : null;
}

export const isConversation = (path) => path === "/" || roomOf(path) !== null;

/** The room that was last open in this browser. */
export function lastRoom() {
  return Number(localStorage.getItem(LAST)) || null;
}

export function rememberRoom(id) {
  localStorage.setItem(LAST, String(id));
}
