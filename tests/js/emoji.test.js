/** Emoji: their names in both languages, what finds them, which are used most. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { before, describe, it } from "node:test";
import { setMessages } from "../../static/js/lib/i18n.js";
import { emojiNamed, emojiUsed, findEmoji, loadEmoji, recentEmoji, setSkinTone, skinTone, toned, usedEmoji } from "../../static/js/models/emoji.js";
import { FakeStorage } from "./support.js";

const read = async (folder) => JSON.parse(await readFile(new URL(`../../node_modules/emoji-picker-element-data/${folder}/emojibase/data.json`, import.meta.url)));
const found = async (query, limit) => (await findEmoji(query, limit, read)).map(({ emoji }) => emoji);

describe("in English", () => {
  before(() => setMessages("en", {}));

  it("all are there, each once, in groups that have names", async () => {
    const all = await loadEmoji(read);
    assert.ok(all.length > 1_800);
    assert.equal(new Set(all.map(({ emoji }) => emoji)).size, all.length);
    assert.deepEqual([...new Set(all.map(({ group }) => group))], [0, 1, 3, 4, 5, 6, 7, 8, 9]);
  });

  it("they are found by shortcodes, names and words, whole ones first", async () => {
    assert.equal((await found(":tada"))[0], "🎉");
    assert.equal((await found("thumbs up"))[0], "👍");
    assert.ok((await found("+1")).includes("👍"));
    assert.ok((await found("boat")).includes("⛵"));
    assert.deepEqual(await found("no such emoji"), []);
    assert.deepEqual(await found("  "), []);
    assert.equal((await found("a", 5)).length, 5);
  });

  it("what is meant comes first: by what is typed, by what is used, and flags last", async () => {
    const first = async (query) => (await found(query, 8));
    assert.equal((await found(":ta"))[0], "🎉");
    assert.equal((await found(":fir"))[0], "🔥");
    assert.ok((await first(":fi")).includes("🔥"));
    assert.equal((await found(":he"))[0], "❤️");
    assert.deepEqual((await found(":smile")).slice(0, 1), ["😄"]);
    for (const typed of [":th", ":ro", ":la", ":pa", ":fi"]) assert.ok(!/\p{RI}/u.test((await first(typed)).join("")), typed);
    assert.equal((await findEmoji(":tad", 1, read))[0].shortcode, "tada");
  });

  it("each of its names stands for an emoji", async () => {
    assert.equal(await emojiNamed(":palm_tree:", read), "🌴");
    assert.equal(await emojiNamed(":tada:", read), "🎉");
    assert.equal(await emojiNamed(":nothing_of_the_kind:", read), null);
  });

  it("they are written as Unicode recommends", async () => {
    const all = (await loadEmoji(read)).map(({ emoji }) => emoji);
    assert.ok(all.includes("⛵") && all.includes("❤️") && !all.includes("⛵\u{FE0F}"));
  });

  it("those of people have tones", async () => {
    const [hand] = await findEmoji("wave", 1, read);
    assert.deepEqual([toned(hand, 0), toned(hand, 1), toned(hand, 5)], ["👋", "👋🏻", "👋🏿"]);
    const [two] = await findEmoji("people_holding_hands", 1, read);
    assert.equal(two.tones.length, 5);
    const [boat] = await findEmoji("sailboat", 1, read);
    assert.equal(toned(boat, 3), "⛵");
  });
});

describe("in Chinese", () => {
  before(() => setMessages("zh-Hans", {}));

  it("they have Chinese names, and are found in both languages", async () => {
    const [boat] = await findEmoji("帆船", 1, read);
    assert.deepEqual([boat.emoji, boat.name, boat.shortcode], ["⛵", "帆船", "sailboat"]);
    assert.ok((await found("船", 40)).includes("⛵"));
    assert.equal((await found("tada"))[0], "🎉");
  });
});

describe("what I use", () => {
  it("comes first, and is filled up with what people use", () => {
    const storage = new FakeStorage();
    assert.equal(usedEmoji(6, storage).length, 6);
    for (const emoji of ["⛵", "🎉", "⛵", "🐙"]) emojiUsed(emoji, storage);
    assert.deepEqual(usedEmoji(3, storage), ["⛵", "🐙", "🎉"]);
    assert.deepEqual(recentEmoji(5, storage), ["🐙", "⛵", "🎉"]);
    assert.equal(new Set(usedEmoji(6, storage)).size, 6);
  });

  it("fades, is bounded, and keeps the tone", () => {
    const storage = new FakeStorage();
    setSkinTone(4, storage);
    for (let n = 0; n < 5; n += 1) emojiUsed("🦕", storage);
    for (let n = 0; n < 200; n += 1) emojiUsed(n % 2 ? "⛵" : "🎉", storage);
    assert.ok(!usedEmoji(2, storage).includes("🦕"));
    for (let n = 0; n < 100; n += 1) emojiUsed(String.fromCodePoint(0x1f400 + n), storage);
    assert.equal(recentEmoji(1_000, storage).length, 40);
    assert.equal(skinTone(storage), 4);
  });

  it("is nothing where the storage is refused or damaged", () => {
    const storage = new FakeStorage();
    storage.setItem("hubbub.emoji", "{");
    assert.equal(usedEmoji(6, storage).length, 6);
    assert.equal(skinTone(storage), 0);
    assert.doesNotThrow(() => emojiUsed("⛵", undefined));
    assert.equal(usedEmoji(6, undefined).length, 6);
  });
});
