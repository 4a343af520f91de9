/** What is kept of writing, and what holds it up: drafts and replies, slow mode, what a pasting becomes. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { fenced, readPaste } from "../../static/js/lib/paste.js";
import { Drafts } from "../../static/js/models/drafts.js";
import { isSlowed, secondsToWait } from "../../static/js/models/slow-mode.js";
import { ANN, BEN, FakePage, FakeStorage, keptElsewhere, processorTime } from "./support.js";

const REPLY = { id: 5, seq: 3, author: { id: BEN.id, username: "ben", name: "Ben" }, text: "first words" };
const REPLY_KEY = `hubbub.reply.${ANN.id}.7`;
const TEXT_KEY = `hubbub.draft.${ANN.id}.7`;

function drafting(storage = new FakeStorage()) {
  const page = new FakePage();
  return { storage, page, drafts: new Drafts({ storage, user: ANN.id, page }) };
}

test("a draft and what it answers survive a reload", () => {
  const { drafts, storage, page } = drafting();
  drafts.set(7, "half a thought");
  drafts.setReply(7, REPLY);
  page.emit("hide");
  const next = drafting(storage).drafts;
  assert.equal(next.get(7), "half a thought");
  assert.deepEqual(next.reply(7), REPLY);
  assert.equal(next.reply(8), null);
});

test("sending takes both away for good", () => {
  const { drafts, storage } = drafting();
  drafts.set(7, "text");
  drafts.setReply(7, REPLY);
  drafts.clear(7);
  assert.equal(drafts.reply(7), null);
  assert.equal(storage.length, 0);
});

test("another tab's reply is shown here, and its end too", () => {
  const { drafts, page, storage } = drafting();
  const heard = [];
  drafts.on("reply", (room) => heard.push(room));
  keptElsewhere({ page, storage }, REPLY_KEY, JSON.stringify(REPLY));
  assert.deepEqual(drafts.reply(7), REPLY);
  keptElsewhere({ page, storage }, REPLY_KEY, null);
  assert.equal(drafts.reply(7), null);
  assert.deepEqual(heard, [7, 7]);
});

test("what another tab types is told apart from what it answers", () => {
  const { drafts, page, storage } = drafting();
  const heard = [];
  drafts.on("elsewhere", (room) => heard.push(room));
  keptElsewhere({ page, storage }, TEXT_KEY, "typed there");
  keptElsewhere({ page, storage }, REPLY_KEY, JSON.stringify(REPLY));
  keptElsewhere({ page, storage }, null, null);
  keptElsewhere({ page, storage }, `hubbub.draft.${BEN.id}.7`, "somebody else's");
  assert.deepEqual(heard, [7]);
  assert.equal(drafts.get(7), "typed there");
});

test("what is told late of another tab takes nothing away that was typed and kept here since", () => {
  const { drafts, page, storage } = drafting();
  const heard = [];
  drafts.on("elsewhere", (room) => heard.push(room));
  drafts.set(7, "typed here");
  page.emit("hide");
  assert.equal(storage.getItem(TEXT_KEY), "typed here");
  page.emit("storage", { key: TEXT_KEY });
  assert.deepEqual([drafts.get(7), heard], ["typed here", []]);
});

test("what is being written for agents alone stays so when another tab writes to the visitor", () => {
  const { drafts, page, storage } = drafting();
  const key = `hubbub.note.${ANN.id}.7`;
  drafts.setNote(7, true);
  drafts.set(7, "among us");
  page.emit("hide");
  keptElsewhere({ page, storage }, key, null);
  assert.equal(drafts.note(7), true);
  // With nothing written, both are the same again.
  drafts.clear(7);
  keptElsewhere({ page, storage }, key, null);
  assert.equal(drafts.note(7), false);
  drafts.set(7, "to the visitor");
  page.emit("hide");
  keptElsewhere({ page, storage }, key, "on");
  assert.equal(drafts.note(7), true);
});

test("a damaged reply is none", () => {
  for (const kept of ["", "{", "null", "7", '{"id":5}', JSON.stringify({ ...REPLY, author: null }), JSON.stringify({ ...REPLY, text: 3 })]) {
    const storage = new FakeStorage();
    storage.setItem(REPLY_KEY, kept);
    assert.equal(drafting(storage).drafts.reply(7), null, kept);
  }
});

test("a browser that keeps nothing still has drafts while the page lasts", () => {
  const { drafts } = drafting(null);
  drafts.set(7, "text");
  drafts.setReply(7, REPLY);
  drafts.clear(8);
  assert.deepEqual([drafts.get(7), drafts.reply(7)], ["text", REPLY]);
});

const NOW = Date.parse("2026-03-03T12:00:00.000Z");
const said = (seconds, author = ANN) => ({ author: { id: author.id }, kind: "text", created_at: new Date(NOW - seconds * 1000).toISOString() });

function slowed({ slowMode = 30, role = "member", mine = "member", messages = [], entries = [], clockOffset = 0 } = {}) {
  const client = { me: { ...ANN, role: mine }, clockOffset, outbox: { entries: () => entries } };
  return [client, { id: 7, slowMode, role, timeline: { messages } }];
}

test("in slow mode one waits from one's own last message on", () => {
  const wait = (options) => secondsToWait(...slowed(options), NOW);
  assert.equal(wait({}), 0);
  assert.equal(wait({ messages: [said(10)] }), 20);
  assert.equal(wait({ messages: [said(10), said(1, BEN)] }), 20);
  assert.equal(wait({ messages: [said(30)] }), 0);
  assert.equal(wait({ messages: [said(29.5)] }), 1);
  assert.equal(wait({ messages: [said(10)], slowMode: 0 }), 0);
});

test("what is on its way counts, what has failed does not", () => {
  const wait = (state) => secondsToWait(...slowed({ entries: [{ state, createdAt: said(5).created_at }] }), NOW);
  assert.deepEqual(["queued", "sending", "waiting", "sent", "failed"].map(wait), [25, 25, 25, 25, 0]);
});

test("the server's clock counts, and no clock makes one wait for longer", () => {
  assert.equal(secondsToWait(...slowed({ messages: [said(0)], clockOffset: 10_000 }), NOW), 20);
  assert.equal(secondsToWait(...slowed({ messages: [said(-500)] }), NOW), 30);
});

test("who leads the room or the server does not wait", () => {
  for (const options of [{ role: "owner" }, { role: "moderator" }, { mine: "owner" }, { mine: "admin" }]) assert.ok(!isSlowed(...slowed(options)));
  for (const options of [{}, { mine: "guest" }, { mine: "bot" }]) assert.ok(isSlowed(...slowed(options)));
});

const HERE = { text: "", start: 0, end: 0 };

function clipboard(data) {
  return { types: Object.keys(data), getData: (type) => data[type] ?? "" };
}

test("plain text is the browser's to paste", () => {
  for (const data of [{}, { "text/plain": "words" }, { "text/plain": "words", "text/html": "<meta charset=utf-8><p><span>words</span></p>" }]) {
    assert.equal(readPaste(clipboard(data), HERE), null);
  }
});

test("formatted words become Markdown", () => {
  const data = { "text/plain": "words", "text/html": "<p>some <b>words</b></p>" };
  assert.deepEqual(readPaste(clipboard(data), HERE), { is: "html", html: data["text/html"], plain: "words" });
  assert.equal(readPaste(clipboard({ "text/html": '<span style="font-weight:700">x</span>' }), HERE).is, "html");
});

test("inside a fence everything is plain", () => {
  assert.equal(readPaste(clipboard({ "text/plain": "x", "text/html": "<b>x</b>" }), { text: "```\n", start: 4, end: 4 }), null);
});

test("too much of it is plain", () => {
  assert.equal(readPaste(clipboard({ "text/plain": "x", "text/html": `<b>${"x".repeat(200_000)}</b>` }), HERE), null);
});

test("an address over selected words is a link", () => {
  const selected = { text: "see this", start: 4, end: 8 };
  assert.deepEqual(readPaste(clipboard({ "text/plain": " https://example.org/a \n" }), selected), { is: "address", address: "https://example.org/a" });
  assert.equal(readPaste(clipboard({ "text/plain": "https://example.org/a" }), HERE), null);
  for (const plain of ["https://example.org and more", "javascript:alert(1)", "https://example.org/a_(b)"]) assert.equal(readPaste(clipboard({ "text/plain": plain }), selected), null, plain);
});

const VSCODE = '<meta charset="utf-8"><div style="color: #ccc;background-color: #1f1f1f;font-family: \'Fira Code\', Menlo, monospace;font-weight: normal;white-space: pre;"><div><b>def</b></div></div>';

test("code out of an editor becomes a block in its language", () => {
  const several = { "text/plain": "\ndef f():\n    pass\n", "text/html": VSCODE, "vscode-editor-data": '{"version":1,"mode":"python"}' };
  assert.deepEqual(readPaste(clipboard(several), HERE), { is: "code", code: "def f():\n    pass", language: "python" });
  for (const data of ["", "{", '{"mode":7}', '{"mode":"a b`\\n"}']) {
    assert.equal(readPaste(clipboard({ ...several, "vscode-editor-data": data }), HERE).language, "", data);
  }
  const { "vscode-editor-data": _mode, ...unnamed } = several;
  assert.deepEqual(readPaste(clipboard(unnamed), HERE), { is: "code", code: "def f():\n    pass", language: "" });
  const jetbrains = '<html><head><meta></head><body><pre style="background-color:#2b2b2b;color:#a9b7c6;font-family:\'JetBrains Mono\',monospace;font-size:9.8pt;">x</pre></body></html>';
  assert.equal(readPaste(clipboard({ "text/plain": "a\nb", "text/html": jetbrains }), HERE).is, "code");
});

test("one line of it, and prose out of an editor, is plain", () => {
  assert.equal(readPaste(clipboard({ "text/plain": "x = 1", "text/html": VSCODE }), HERE), null);
  for (const mode of ["markdown", "plaintext"]) {
    assert.equal(readPaste(clipboard({ "text/plain": "a\nb", "text/html": VSCODE, "vscode-editor-data": JSON.stringify({ mode }) }), HERE), null);
  }
});

test("a block has more marks than the code in it", () => {
  assert.equal(fenced("x = 1", "py", ""), "```py\nx = 1\n```\n");
  assert.equal(fenced("```\nx\n```", "", "before"), "\n````\n```\nx\n```\n````\n");
});

test("hostile clipboards are looked at in no time", () => {
  const took = processorTime(() => {
    for (const html of ["<".repeat(199_000), "<div style=".repeat(18_000), '<div style="font-family:'.repeat(8_000), "<!--StartFragment--".repeat(10_000), "<meta ".repeat(30_000), `<pre${" ".repeat(190_000)}`]) {
      readPaste(clipboard({ "text/plain": "a\nb", "text/html": html }), HERE);
    }
  });
  assert.ok(took < 1_500);
});
