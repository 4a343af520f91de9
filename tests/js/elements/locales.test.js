import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

import en from "../../../static/js/locales/en.js";
import zh from "../../../static/js/locales/zh-Hans.js";

const home = new URL("../../../static/js/elements/", import.meta.url);
const places = (text) => new Set(Object.values(typeof text === "string" ? [text] : text).join(" ").match(/\{\w+\}/g) ?? []);

test("both languages have the same keys, in order", () => {
  assert.deepEqual(Object.keys(en), Object.keys(zh));
  assert.deepEqual(Object.keys(en), Object.keys(en).toSorted());
});

test("both languages fill the same places", () => {
  for (const key of Object.keys(en)) assert.deepEqual(places(zh[key]), places(en[key]), key);
});

test("every text that an element names outright exists", () => {
  const files = readdirSync(home, { recursive: true }).filter((name) => name.endsWith(".js"));
  for (const file of files) {
    const source = readFileSync(new URL(file, home), "utf8");
    for (const [, key] of source.matchAll(/\b(?:t|rich)\("([\w.]+)"/g)) assert.ok(key in en, `${file}: ${key}`);
  }
});
