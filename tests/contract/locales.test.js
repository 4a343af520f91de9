/** The two languages of the browser's side say the same things, and say all that is asked of them. */

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";

import forVisitors from "../../static/js/help/texts/en.js";
import en from "../../static/js/locales/en.js";
import zh from "../../static/js/locales/zh-Hans.js";

const SOURCES = fileURLToPath(new URL("../../static/js/", import.meta.url));

const forms = (entry) => (typeof entry === "string" ? { other: entry } : entry);
const places = (text) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort();

/** The window of visitors has texts of its own. */
const textsOf = (name) => (name.startsWith("help/") ? forVisitors : en);

function sources() {
  return readdirSync(SOURCES, { recursive: true })
    .filter((name) => name.endsWith(".js") && !name.startsWith("locales"))
    .map((name) => ({ name, text: readFileSync(path.join(SOURCES, name), "utf8") }));
}

test("both languages have the same keys, in order", () => {
  assert.deepEqual(Object.keys(zh), Object.keys(en));
  assert.deepEqual(Object.keys(en), Object.keys(en).toSorted());
});

test("no text is empty", () => {
  for (const [language, texts] of Object.entries({ en, zh })) {
    for (const [key, entry] of Object.entries(texts)) {
      for (const text of Object.values(forms(entry))) assert.ok(text.trim(), `${language}: ${key}`);
    }
  }
});

test("both languages fill the same places", () => {
  for (const key of Object.keys(en)) {
    assert.deepEqual(places(forms(zh[key]).other), places(forms(en[key]).other), key);
  }
});

test("every form of a text is one that its language has", () => {
  for (const [language, texts] of Object.entries({ en, "zh-Hans": zh })) {
    const known = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    for (const [key, entry] of Object.entries(texts)) {
      if (typeof entry === "string") continue;
      assert.deepEqual(Object.keys(entry).toSorted(), known.toSorted(), `${language}: ${key}`);
    }
  }
});

test("every key that a module names is there", () => {
  for (const { name, text } of sources()) {
    for (const [, key] of text.matchAll(/\bt\(\s*"([^"]+)"/g)) assert.ok(key in textsOf(name), `${name} asks for "${key}"`);
  }
});

test("every key is used", () => {
  const all = sources()
    .map(({ text }) => text)
    .join("\n");
  // A key may be put together, as in t(`error.${code}`): then the part before the hole must stand in the source.
  const used = (key) =>
    all.includes(`"${key}"`) ||
    [...key.matchAll(/[.]/g)].some(({ index }) => all.includes("`" + key.slice(0, index + 1) + "${"));
  assert.deepEqual(Object.keys(en).filter((key) => !used(key)), []);
});
