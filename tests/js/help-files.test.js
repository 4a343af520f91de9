/** What a visitor attaches, and the conversation that they save. */
import assert from "node:assert/strict";
import { beforeEach, describe, it, mock } from "node:test";

import { FileDoor } from "../../static/js/files.js";
import { HelpFiles } from "../../static/js/help/files.js";
import { Kept } from "../../static/js/help/kept.js";
import en from "../../static/js/help/texts/en.js";
import zh from "../../static/js/help/texts/zh-Hans.js";
import { transcript } from "../../static/js/help/transcript.js";
import { Emitter } from "../../static/js/lib/emitter.js";
import { contentOf, downloadOf } from "../../static/js/lib/files.js";
import { setMessages } from "../../static/js/lib/i18n.js";
import { FakeDoor, FakeStorage, settle } from "./support.js";

const HOUR = 3_600_000;

class FakeModel extends Emitter {
  connection = Object.assign(new Emitter(), { connected: true });
  welcome = { file_limit: 1000 };
  required = [];
  said = [];

  say(text, files) {
    if (!text.trim() && !files.length) return false;
    this.said.push([text, files.map(({ id }) => id)]);
    return true;
  }
}

const blob = (size = 5) => new Blob(["x".repeat(size)], { type: "image/png" });
const chosen = (...names) => names.map((name) => ({ name, blob: blob() }));

let storage;
beforeEach(() => {
  storage = new FakeStorage();
  setMessages("en", en);
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout", "Date"], now: Date.parse("2026-03-03T10:00:00Z") });
});

function attaching() {
  let last = 0;
  const door = new FakeDoor({ addFile: (file) => ({ id: (last += 1), ...file, thumb: null, url: `/help/files/${last}/x?sign=s` }) });
  door.open = false;
  const model = new FakeModel();
  const kept = new Kept({ site: "sample", storage });
  const files = new HelpFiles({ model, door, kept, random: () => 1 });
  const states = () => files.attachments.list(1).map(({ state }) => state);
  return { door, model, files, states };
}

describe("what a visitor attaches", () => {
  it("goes with the next message, which waits for it", async () => {
    const { door, model, files, states } = attaching();
    let sent = 0;
    files.on("sent", () => (sent += 1));
    assert.equal(files.add(chosen("a", "b")), 0);
    assert.equal(files.say("Look"), false);
    assert.deepEqual([files.held, files.may, model.said], [true, false, []]);
    assert.equal(files.say("Look"), false);
    for (const flight of [...door.flying]) flight.done();
    await settle();
    assert.deepEqual([model.said, sent, states(), files.held], [[["Look", [1, 2]]], 1, [], false]);
    // Without any, it is as ever.
    assert.equal(files.say("More"), true);
    assert.equal(files.say(" "), false);
  });

  it("may be all that is said, and outlives the page", async () => {
    const { door, files } = attaching();
    files.add(chosen("a"));
    door.flying[0].done();
    await settle();
    const again = attaching();
    assert.deepEqual(again.states(), ["done"]);
    assert.equal(again.files.say(""), true);
    assert.deepEqual(again.model.said, [["", [1]]]);
    assert.deepEqual(attaching().states(), []);
  });

  it("is forgotten when the server has removed it, and taken back when it is taken away", async () => {
    const { door, files } = attaching();
    files.add(chosen("a"));
    door.flying[0].done();
    await settle();
    mock.timers.setTime(Date.now() + 21 * HOUR);
    assert.deepEqual(attaching().states(), []);
    files.attachments.remove(1, files.attachments.list(1)[0].key);
    assert.deepEqual(door.takenBack, [1]);
  });

  it("is refused where it is too large, too many or not wanted", async () => {
    const { door, model, files, states } = attaching();
    files.add([{ name: "huge", blob: blob(1001) }, { name: "empty", blob: blob(0) }]);
    assert.deepEqual(states(), ["failed", "failed"]);
    assert.deepEqual(files.attachments.list(1).map(({ error }) => error.field), ["file", "empty"]);
    assert.equal(files.say("x"), false);
    assert.equal(files.add(chosen(..."abcdefghijk")), 3);
    assert.equal(door.sent.length, 3);
    assert.equal(files.may, true);
    model.required = ["email"];
    assert.equal(files.may, false);
    Object.assign(model, { required: [], welcome: { file_limit: 0 } });
    assert.equal(files.may, false);
    model.welcome = null;
    assert.equal(files.may, false);
  });

  it("fails at once where the wait would be long, and waits where it is short or the line is lost", async () => {
    const { door, model, files, states } = attaching();
    files.add(chosen("a"));
    door.flying[0].fail("rate_limited", { retry_after: 360, retryable: true });
    await settle();
    assert.deepEqual(states(), ["failed"]);
    files.attachments.retry(1, files.attachments.list(1)[0].key);
    door.flying[0].fail("rate_limited", { retry_after: 2, retryable: true });
    await settle();
    assert.deepEqual(states(), ["waiting"]);
    model.connection.connected = false;
    mock.timers.tick(2_000);
    assert.equal(door.flying.length, 0);
    model.connection.connected = true;
    model.connection.emit("change");
    assert.equal(door.flying.length, 1);
  });

  it("is what another window has uploaded too", async () => {
    const [first, second] = [attaching(), attaching()];
    first.files.add(chosen("a"));
    first.door.flying[0].done();
    await settle();
    second.files.kept.heard();
    assert.deepEqual(second.states(), ["done"]);
    first.files.say("");
    second.files.kept.heard();
    assert.deepEqual(second.states(), []);
  });

  it("is carried by who the visitor is, not by a cookie", () => {
    const request = { headers: {}, upload: {}, open: (...what) => (request.opened = what), setRequestHeader: (name, value) => (request.headers[name] = value), send: () => {}, abort: () => {} };
    const door = new FileDoor({ root: "/help/files", query: { site: "a b" }, headers: { Authorization: "Visitor s" }, request: () => request });
    door.send(blob(), "ü&.png", { signal: new AbortController().signal, onProgress: () => {} });
    assert.deepEqual(request.opened, ["POST", "/help/files?site=a%20b&name=%C3%BC%26.png"]);
    assert.equal(request.headers.Authorization, "Visitor s");
    door.takeBack(7);
    assert.deepEqual(request.opened, ["DELETE", "/help/files/7?site=a%20b"]);
    const file = { id: 7, name: "a", url: "/help/files/7/a?sign=s" };
    assert.deepEqual([contentOf(file), downloadOf(file)], [file.url, `${file.url}&download=1`]);
  });
});

describe("a conversation that is saved", () => {
  const said = (seq, more = {}) => ({ id: seq, seq, kind: "text", mine: true, agent: null, html: `<p>${seq}</p>`, files: [], deleted: false, edited_at: null, created_at: "2026-03-03T10:00:00.000Z", ...more });

  async function saved(messages, site = "Sample <shop>") {
    const asked = [];
    const read = async (before, limit) => {
      asked.push(before);
      const found = messages.filter(({ seq }) => before === null || seq < before);
      return { messages: found.slice(-limit), more: found.length > limit };
    };
    const { name, blob: page } = await transcript({ site, read });
    return { name, asked, text: await page.text() };
  }

  it("has all of it in order, a page at a time", async () => {
    const { asked, text } = await saved(Array.from({ length: 250 }, (_, at) => said(at + 1)));
    assert.deepEqual(asked, [null, 151, 51]);
    assert.deepEqual([...text.matchAll(/<p>(\d+)<\/p>/g)].map(([, number]) => Number(number)), Array.from({ length: 250 }, (_, at) => at + 1));
    assert.equal(text.match(/<h2>/g).length, 1);
  });

  it("has names, days and files, and nothing that was deleted", async () => {
    const file = { id: 1, name: "<b>.png", type: "image/png", size: 2000 };
    const { name, text } = await saved([
      said(1, { files: [file] }),
      said(2, { mine: false, agent: { name: "Ada <x>", avatar: null }, html: "<p>answer</p>", edited_at: "2026-03-03T11:00:00.000Z" }),
      said(3, { deleted: true, html: "<p>gone</p>" }),
      said(4, { kind: "system", html: "<p>taken</p>" }),
      said(5, { created_at: "2026-03-05T10:00:00.000Z", html: "" }),
    ]);
    assert.equal(name, "Sample shop 2026-03-03.html");
    for (const part of ["Conversation with Sample &lt;shop&gt;", "<b dir=\"auto\">You</b>", "Ada &lt;x&gt;", "&lt;b&gt;.png, 2 kB", "edited"]) assert.ok(text.includes(part), part);
    for (const part of ["gone", "taken", "<x>", "Today"]) assert.ok(!text.includes(part), part);
    assert.deepEqual([...text.matchAll(/<h2>.*(2026).*<\/h2>/g)].map(([, year]) => year), ["2026", "2026"]);
    assert.match(text, /default-src 'none'/);
    assert.doesNotMatch(text, /src=|href=/);
  });

  it("is in the visitor's language, and may be empty", async () => {
    setMessages("zh-Hans", zh);
    const { name, text } = await saved([], "///");
    assert.match(name, /^chat 2026-03-03\.html$/);
    assert.match(text, /<html lang="zh-Hans">.*与 \/\/\/ 的对话/s);
  });
});
