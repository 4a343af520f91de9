/** Addresses of the conversation page: `/`, `/room/<id>`, and `/room/<id>?at=<seq>` for one message. */

const LAST = "hubbub.room";

export const roomPath = (id, at = null) => (at ? `/room/${id}?at=${at}` : `/room/${id}`);

/** The room that an address names, or null. */
export function roomOf(path) {
  const match = /^\/room\/([1-9]\d{0,15})\/?$/.exec(path);
  return match ? Number(match[1]) : null;
}

/** The seq of the message that an address names, or null. */
export function messageOf(search) {
  const at = new URLSearchParams(search).get("at") ?? "";
  return /^[1-9]\d{0,15}$/.test(at) ? Number(at) : null;
}

export const isConversation = (path) => path === "/" || roomOf(path) !== null;

/** The room that was last open in this browser. */
export function lastRoom() {
  return Number(localStorage.getItem(LAST)) || null;
}

let remembered = null;

/** Cheap where it is the same again, since a storage is on disk. */
export function rememberRoom(id) {
  if (id === remembered) return;
  remembered = id;
  localStorage.setItem(LAST, String(id));
}
