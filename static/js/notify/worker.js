/** The service worker, as pages see it: registering it, and what it says. Nothing here may ever be in a page's way. */

/** @returns {Promise<ServiceWorkerRegistration | null>} null where there is none to be had */
export async function register(workers = globalThis.navigator?.serviceWorker) {
  if (!workers) return null;
  try {
    return (await workers.register("/sw.js", { updateViaCache: "none" })) ?? null;
  } catch {
    // Not over plain http, not in some private windows, not where storage is refused.
    return null;
  }
}

/** The registration, once it has a worker that can act. */
export async function working(workers = globalThis.navigator?.serviceWorker) {
  const registration = await workers?.getRegistration("/").catch(() => null);
  return registration?.active ? registration : null;
}
