/**
 * What the first sight of a conversation does not need, modules and style sheets: it is loaded when the page has come to rest,
 * or when it is asked for.
 */

/** A page that has no messages to show comes to rest all the same. */
const REST_MS = 3_000;

/** @type {string[]} */
let sheets = [];
let styled = null;
let come;
const shown = new Promise((resolve) => (come = resolve));

/** @param {string[]} addresses of the style sheets that come later */
export function styleLater(addresses) {
  sheets = addresses;
}

/**
 * Load something that may need the later style sheets.
 *
 * @template T
 * @param {() => Promise<T>} load
 * @returns {Promise<T>} rejected where it can't be loaded; the next call tries again
 */
export async function later(load) {
  const [loaded] = await Promise.all([load(), style()]);
  return loaded;
}

/** The conversation is to be seen. */
export function comeToRest() {
  come();
}

/** Do this when the conversation is to be seen and the browser has nothing better to do; that it failed is told when it is needed. */
export async function atRest(work) {
  setTimeout(come, REST_MS);
  await shown;
  const idle = window.requestIdleCallback ?? setTimeout;
  idle(() => void work().catch(() => {}));
}

function style() {
  styled ??= Promise.all(sheets.map(add)).catch((error) => {
    styled = null;
    throw error;
  });
  return styled;
}

function add(address) {
  const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: address });
  return new Promise((resolve, reject) => {
    link.addEventListener("load", resolve);
    link.addEventListener("error", () => {
      link.remove();
      reject(new Error(`${address} can't be loaded`));
    });
    document.head.append(link);
  });
}
