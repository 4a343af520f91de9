import { addTexts } from "./i18n.js";

/**
 * What the first sight of a conversation does not need, modules with their style sheets and texts: it is loaded when the page has come to rest,
 * or when it is asked for.
 */

/** A page that has no messages to show comes to rest all the same. */
const REST_MS = 3_000;

/** Addresses. Single files have all texts in one. */
let parts = { styles: [], texts: null };
let dressed = null;
let come;
const shown = new Promise((resolve) => (come = resolve));

/** @param {{styles: string[], texts: string | null}} addresses of what comes with the modules */
export function comesLater(addresses) {
  parts = addresses;
}

/**
 * Load something that may need the later style sheets and texts.
 *
 * @template T
 * @param {() => Promise<T>} load
 * @returns {Promise<T>} rejected where it can't be loaded; the next call tries again
 */
export async function later(load) {
  const [loaded] = await Promise.all([load(), dress()]);
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
  whenIdle(() => void work().catch(() => {}));
}

/** Do this when the browser has nothing better to do. */
export function whenIdle(work) {
  const idle = window.requestIdleCallback ?? setTimeout;
  idle(() => work());
}

function dress() {
  dressed ??= Promise.all([...parts.styles.map(addStyles), parts.texts && addTexts(parts.texts)]).catch((error) => {
    dressed = null;
    throw error;
  });
  return dressed;
}

/** Add a style sheet to the page. Rejected where it can't be loaded. */
export function addStyles(address) {
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
