/** Where words stand in a text; `tests/unit/test_words.py` has the same cases for the server. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { finder } from "../../static/js/lib/words.js";

const CASES = JSON.parse(readFileSync(new URL("../words.json", import.meta.url)));

describe("words that call", () => {
  for (const { word, text, marked } of CASES) {
    it(`find ${word} as the server does`, () => {
      assert.deepEqual(finder([word])(text).map(({ start, end }) => text.slice(start, end)), marked);
    });
  }

  it("are marked by the longest of several", () => {
    const text = "the release train, a release";
    assert.deepEqual(finder(["release", "release train"])(text).map(({ start, end }) => text.slice(start, end)), ["release train", "release"]);
    assert.deepEqual(finder([])(text), []);
  });
});
