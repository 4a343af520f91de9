import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";
import { Backoff } from "../../static/js/lib/backoff.js";
import { newCid } from "../../static/js/lib/cid.js";
import { Emitter } from "../../static/js/lib/emitter.js";
import { errorText, noticeText } from "../../static/js/lib/errors.js";
import { loadLanguage, setMessages, t } from "../../static/js/lib/i18n.js";
import { countCharacters, emojiOf, emojiOnly, mailto } from "../../static/js/lib/text.js";
import { ago, clockTime, dayKey, dayLabel } from "../../static/js/lib/time.js";
import { watch } from "../../static/js/lib/watch.js";
import en from "../../static/js/locales/en.js";
import zh from "../../static/js/locales/zh-Hans.js";

describe("back-off", () => {
  it("stays between half and the whole of a doubling wait, and under its limit", () => {
    for (const random of [() => 0, () => 0.999999, Math.random]) {
      const backoff = new Backoff({ base: 1_000, max: 20_000, random });
      for (let n = 0; n < 60; n += 1) {
        const whole = Math.min(20_000, 1_000 * 2 ** n);
        const wait = backoff.next();
        assert.ok(wait >= whole / 2 && wait <= whole, `try ${n} waits ${wait}`);
      }
    }
  });

  it("begins anew after a reset", () => {
    const backoff = new Backoff({ base: 1_000, random: () => 1 });
    backoff.next();
    backoff.next();
    backoff.reset();
    assert.equal(backoff.next(), 1_000);
  });
});

describe("client ids", () => {
  const now = 1_700_000_000_000; // hexadecimal 018bcfe56800

  it("are unique, begin with the time and are versioned as RFC 9562 wants it", () => {
    const made = new Set(Array.from({ length: 1_000 }, () => newCid(now)));
    assert.equal(made.size, 1_000);
    for (const cid of made) assert.match(cid, /^018bcfe5-6800-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it("sort by when they were made", () => {
    const made = [0, 1, 255, 256, 65_536, 10 ** 9].map((later) => newCid(now + later));
    assert.deepEqual(made.toSorted(), made);
    assert.ok(newCid() > made[0]);
  });
});

describe("the emitter", () => {
  it("calls handlers in order and lets them leave while it does", () => {
    const emitter = new Emitter();
    const heard = [];
    const stop = emitter.on("x", () => {
      heard.push("a");
      stop();
    });
    emitter.on("x", (detail) => heard.push(detail));
    emitter.emit("x", "b");
    emitter.emit("x", "c");
    assert.deepEqual(heard, ["a", "b", "c"]);
  });
});

describe("watching models", () => {
  it("renders the host on changes while it is in the page", () => {
    let renders = 0;
    const host = { addController: () => {}, requestUpdate: () => (renders += 1) };
    const [first, second] = [new Emitter(), new Emitter()];
    const controller = watch(host, first, null);
    first.emit("change");
    assert.equal(renders, 0);
    controller.hostConnected();
    assert.equal(renders, 1);
    first.emit("change");
    controller.set(second);
    first.emit("change");
    second.emit("change");
    assert.equal(renders, 3);
    controller.hostDisconnected();
    second.emit("change");
    assert.equal(renders, 3);
  });
});

describe("texts", () => {
  afterEach(() => {
    setMessages("zh-Hans", zh);
    setMessages("en", en);
  });

  it("fill in their places and leave unknown ones", () => {
    setMessages("en", { hello: "Hello {name}, {name}! {gone}", big: "{count} of them" });
    assert.equal(t("hello", { name: "Ann" }), "Hello Ann, Ann! {gone}");
    assert.equal(t("big", { count: 12_345 }), "12,345 of them");
    assert.equal(t("not there"), "not there");
  });

  it("never read a value as a place", () => {
    setMessages("en", { a: "{name} {count}" });
    assert.equal(t("a", { name: "{count}", count: 1 }), "{count} 1");
  });

  it("choose the plural form of the language", () => {
    const rooms = { one: "{count} room", other: "{count} rooms" };
    setMessages("en", { rooms });
    assert.deepEqual([0, 1, 2].map((count) => t("rooms", { count })), ["0 rooms", "1 room", "2 rooms"]);
    setMessages("zh-Hans", { rooms: { other: "{count} 个房间" } });
    assert.deepEqual([1, 2].map((count) => t("rooms", { count })), ["1 个房间", "2 个房间"]);
  });
});

describe("the two languages", () => {
  const forms = (text) => (typeof text === "string" ? [text] : Object.values(text));
  const places = (text) => [...new Set(forms(text).join(" ").match(/\{\w+\}/g) ?? [])].sort();

  it("have the same keys, sorted", () => {
    assert.deepEqual(Object.keys(zh), Object.keys(en));
    assert.deepEqual(Object.keys(en), Object.keys(en).toSorted());
  });

  it("have the same places in each text", () => {
    for (const key of Object.keys(en)) assert.deepEqual(places(zh[key]), places(en[key]), key);
  });

  it("have the forms that their plurals need", () => {
    for (const [name, catalogue] of [["en", en], ["zh-Hans", zh]]) {
      const needed = new Intl.PluralRules(name).resolvedOptions().pluralCategories;
      for (const [key, text] of Object.entries(catalogue)) {
        if (typeof text !== "string") for (const form of needed) assert.ok(text[form], `${name} ${key} ${form}`);
      }
    }
  });
});

describe("errors for people", () => {
  afterEach(() => loadLanguage("en"));

  it("say the server's words where they are specific, in the language that it speaks", async () => {
    await loadLanguage("en");
    assert.equal(errorText({ code: "bad_request", message: "The topic is too long.", field: "topic" }), "The topic is too long.");
    assert.equal(errorText({ code: "conflict", message: "x", field: "name" }), en["error.conflict.name"]);
    assert.equal(errorText({ code: "internal", message: "id 1234" }), en["error.internal"]);
    await loadLanguage("zh-Hans");
    assert.equal(errorText({ code: "bad_request", message: "The topic is too long." }), zh["error.bad_request"]);
    assert.equal(errorText({ code: "brand_new", message: "Words." }), "Words.");
    assert.equal(errorText(undefined), zh["error.internal"]);
  });

  it("say what the server announces in the reader's language, and in the server's words where it is news to this page", async () => {
    await loadLanguage("zh-Hans");
    assert.equal(noticeText({ code: "restart", message: "The server is restarting." }), zh["notice.restart"]);
    assert.equal(noticeText({ code: "brand_new", message: "Words." }), "Words.");
  });
});

describe("times", () => {
  const at = (...parts) => new Date(...parts).toISOString();
  const now = new Date(2026, 2, 3, 12, 0).getTime();

  it("name near days and date the others", async () => {
    await loadLanguage("en");
    assert.equal(dayLabel(at(2026, 2, 3, 0, 1), now), "Today");
    assert.equal(dayLabel(at(2026, 2, 2, 23, 59), now), "Yesterday");
    assert.match(dayLabel(at(2026, 2, 1), now), /Sunday.*(1 March|March 1)$/);
    assert.match(dayLabel(at(2025, 2, 1), now), /2025/);
    await loadLanguage("zh-Hans");
    assert.equal(dayLabel(at(2026, 2, 3), now), "今天");
    assert.match(dayLabel(at(2026, 2, 1), now), /3月1日.*星期日/);
    await loadLanguage("en");
  });

  it("tell days apart in local time", () => {
    assert.equal(dayKey(at(2026, 0, 9, 0, 0)), "2026-01-09");
    assert.equal(dayKey(at(2026, 0, 9, 23, 59)), "2026-01-09");
  });

  it("tell how long ago", () => {
    assert.equal(ago(at(2026, 2, 3, 11, 59, 30), now), "just now");
    assert.equal(ago(at(2026, 2, 3, 11, 55), now), "5 minutes ago");
    assert.equal(ago(at(2026, 2, 2, 12, 0), now), "yesterday");
    assert.match(clockTime(at(2026, 2, 3, 14, 5)), /(14|02).05/);
  });
});

describe("lengths", () => {
  it("are counted as the server does: code points of the NFC form", () => {
    assert.equal(countCharacters("abc"), 3);
    assert.equal(countCharacters("👍🏽"), 2);
    assert.equal(countCharacters("e\u0301"), 1);
  });
});

describe("a link that writes to an address", () => {
  it("has nothing of it as a subject or a copy", () => {
    assert.equal(mailto("lisa+shop@example.org"), "mailto:lisa%2Bshop@example.org");
    assert.equal(mailto("a@b.example?bcc=c@d.example&body=x"), "mailto:a@b.example%3Fbcc%3Dc@d.example%26body%3Dx");
  });
});

describe("emoji alone", () => {
  it("are told from text, digits and crowds", () => {
    for (const text of ["👍", "👍🏽 🎉", "👩‍👩‍👧", "🇨🇳", "❤️", "1️⃣"]) assert.ok(emojiOnly(text), text);
    for (const text of ["", " ", "1", "#", "ok 👍", "©", "🎉".repeat(13), "a"]) assert.equal(emojiOnly(text), false, text);
  });

  it("are found where they were written by name", () => {
    assert.equal(emojiOf({ text: ":tada:", html: "<p>🎉</p>" }), "🎉");
    assert.equal(emojiOf({ text: "🎉\n🎉", html: "<p>🎉<br>\n🎉</p>" }), "🎉\n🎉");
    for (const html of ["<p>so 🎉</p>", "<p><code>🎉</code></p>", "<p>🎉</p>\n<p>🎉</p>", "", "<p></p>", `<p>${"🎉".repeat(900)}</p>`]) {
      assert.equal(emojiOf({ text: "x", html }), "", html);
    }
  });
});
