/** The place in a room that somebody was reading, taken along over a reload. */

import { holdPlace } from "./anchor.js";

const KEY = "hubbub.place";

/** Remember what of `room` is in view in `list`. Who follows its end is brought to its end anyway. */
export function keepPlace(room, list, following) {
  const held = following ? [] : holdPlace(list);
  const rows = new Map([...list.querySelectorAll("hub-message")].map((row) => [row.dataset.key, row.message?.seq]));
  const seq = held.map(([key]) => rows.get(key)).find(Boolean);
  try {
    if (seq) sessionStorage.setItem(KEY, JSON.stringify({ room, seq, held }));
    else sessionStorage.removeItem(KEY);
  } catch {
    // Refused: the reload begins at the end.
  }
}

/**
 * What was remembered of `room`, once, and only by the page that the reload made.
 *
 * @returns {{seq: number, held: [string, number][]} | null}
 */
export function takePlace(room) {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY));
    sessionStorage.removeItem(KEY);
    const reloaded = performance.getEntriesByType("navigation")[0]?.type === "reload";
    return reloaded && kept?.room === room ? kept : null;
  } catch {
    return null;
  }
}

/** Wait until the server can be asked, or until it is plain that it can't. */
export function reachable(connection) {
  return new Promise((resolve) => {
    const look = () => {
      if (!connection.connected && !connection.troubled) return;
      stop();
      resolve();
    };
    const stop = connection.on("change", look);
    look();
  });
}
