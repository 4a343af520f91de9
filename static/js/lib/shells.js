/** What the service worker keeps so that the app opens without a line; nothing of it stays when somebody signs out. */
export async function forgetShells(caches = globalThis.caches) {
  try {
    for (const name of await caches.keys()) if (name.startsWith("hubbub-shell-")) await caches.delete(name);
  } catch {
    // Not here: no worker has kept anything.
  }
}
