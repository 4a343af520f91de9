/**
 * Texts in the person's language. A text is a string with `{name}` places, or forms by plural category chosen by
 * `params.count`: `{one: "{count} room", other: "{count} rooms"}`.
 */
const catalogues = new Map();
let current = "en";
let plurals = new Intl.PluralRules("en");
let numbers = new Intl.NumberFormat("en");

/** Load a language and speak it from now on. Settles before the first page is drawn. */
export async function loadLanguage(name) {
  const known = name === "zh-Hans" ? "zh-Hans" : "en";
  if (!catalogues.has(known)) {
    const module = known === "zh-Hans" ? await import("../locales/zh-Hans.js") : await import("../locales/en.js");
    catalogues.set(known, module.default);
  }
  speak(known);
}

/** Load more texts of the language that is spoken, those that the first sight of the page did not need. */
export async function addTexts(address) {
  const more = await import(address);
  Object.assign(catalogues.get(current), more.default);
}

/** Speak `name` with these texts, without loading anything. */
export function setMessages(name, messages) {
  catalogues.set(name, messages);
  speak(name);
}

export function language() {
  return current;
}

/**
 * @param {string} key
 * @param {Record<string, string | number>} [params]
 * @returns the text, or the key itself where there is none
 */
export function t(key, params = {}) {
  const entry = catalogues.get(current)?.[key];
  if (entry === undefined) return key;
  const text = typeof entry === "string" ? entry : (entry[plurals.select(params.count)] ?? entry.other);
  return text.replace(/\{(\w+)\}/g, (place, name) => {
    const value = params[name];
    if (value === undefined) return place;
    return typeof value === "number" ? numbers.format(value) : String(value);
  });
}

function speak(name) {
  current = name;
  plurals = new Intl.PluralRules(name);
  numbers = new Intl.NumberFormat(name);
}
