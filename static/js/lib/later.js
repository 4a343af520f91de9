import { addTexts } from "./i18n.js";

/**
 * What the first sight of a conversation does not need, modules with their style sheets and texts: it is loaded when the page has come to rest,
 * or when it is asked for.
 */

/** A page that has no messages to show comes to rest all the same. */
const REST_MS = 3_000;

let tell;
/** What is part of the first page asks for some of it before the page has been read. */
const parts = new Promise((resolve) => (tell = resolve));
let dressed = null;
let come;
const shown = new Promise((resolve) => (come = resolve));

/** @param {{styles: string[], texts: string | null}} addresses of what comes with the modules; single files have all texts in one */
export function comesLater(addresses) {
  tell(addresses);
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
  dressed ??= parts
    .then(({ styles, texts }) => Promise.all([...styles.map(addStyles), texts && addTexts(texts)]))
    .catch((error) => {
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
