/** The service worker, as pages see it: registering it, and what it says. Nothing here may ever be in a page's way. */

/** What is loaded together is told together. */
const TELL_AFTER = 2_000;

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

/**
 * Tell the worker what this page is made of, now and later, so that it opens without a line too.
 *
 * @param {ServiceWorkerContainer} workers
 * @param {(told: (urls: string[]) => void) => void} watch tells the addresses that the page has loaded
 */
export function keepParts(workers, watch = watchLoaded) {
  const loaded = new Set();
  let timer = null;
  const tell = () => {
    timer = null;
    workers.controller?.postMessage({ hubbub: "keep", urls: [...loaded] });
  };
  const later = () => (timer ??= setTimeout(tell, TELL_AFTER));
  watch((urls) => {
    for (const url of urls) if (/\/(static\/~|theme\.css)/.test(url)) loaded.add(url);
    later();
  });
  // Another worker, of a newer build perhaps, knows nothing yet.
  workers.addEventListener("controllerchange", later);
}

function watchLoaded(told) {
  new PerformanceObserver((list) => told(list.getEntries().map(({ name }) => name))).observe({ type: "resource", buffered: true });
}
