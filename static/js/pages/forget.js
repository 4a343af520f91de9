import { forgetShells } from "../lib/shells.js";

/** The channel on which tabs hear that nobody is signed in here any more. */
export const SIGNED_OUT = "hubbub-signed-out";

/**
 * Who signs out leaves nothing to read behind: empties what the conversation keeps in this browser to open quickly.
 * What was written and not sent yet stays, for when its author signs in again.
 */
export async function forgetConversations() {
  // First, so that no tab keeps anything again behind what is emptied here.
  if (typeof BroadcastChannel === "function") new BroadcastChannel(SIGNED_OUT).postMessage("signed out");
  forgetSearches();
  await forgetShells();
  const databases = (await globalThis.indexedDB?.databases?.()) ?? [];
  for (const { name } of databases) if (/^hubbub-\d+$/.test(name)) await emptyCache(name);
}

function forgetSearches() {
  try {
    for (const key of Object.keys(localStorage)) if (/^hubbub\.searches\.\d+$/.test(key)) localStorage.removeItem(key);
  } catch {
    // A browser that refuses its storage has kept none.
  }
}

/** @param {string} name */
function emptyCache(name) {
  return new Promise((resolve) => {
    const opening = indexedDB.open(name);
    opening.onerror = resolve;
    opening.onsuccess = () => {
      const database = opening.result;
      const done = () => {
        database.close();
        resolve();
      };
      if (!database.objectStoreNames.contains("cache")) return done();
      const emptying = database.transaction("cache", "readwrite");
      emptying.objectStore("cache").clear();
      emptying.oncomplete = emptying.onabort = done;
    };
  });
}
