import assert from "node:assert/strict";
import { beforeEach, describe, it, mock } from "node:test";

import { Emitter } from "../../static/js/lib/emitter.js";
import { CommandError } from "../../static/js/socket.js";
import { Kept } from "../../static/js/help/kept.js";
import { HelpModel } from "../../static/js/help/model.js";
import en from "../../static/js/help/texts/en.js";
import zh from "../../static/js/help/texts/zh-Hans.js";
import { FakeStorage, settle } from "./support.js";

const SITE = "sample-site";
const AGENT = { name: "Ada", avatar: null };

/** The server's side of one conversation: what was said, and what of it the visitor is told. */
class Desk {
  epoch = "e1";
  look = { greeting: "", away: "", hue: 195, side: "right", language: "", ask_name: "off", ask_email: "off", hours: null };
  here = true;
  conversation = null;
  messages = [];
  rev = 0;
  sent = [];
  files = [];
  details = [];
  lines = [];

  say(mine, text, cid = null) {
    this.rev += 1;
    const seq = this.messages.length + 1;
    const said = { id: 100 + seq, seq, rev: this.rev, mine, agent: mine ? null : AGENT, cid, kind: "text", text, html: text, created_at: "2026-03-03T10:00:00.000Z", edited_at: null, deleted: false, files: [], happening: null };
    this.messages.push(said);
    if (this.conversation) this.conversation.rev = this.rev;
    return said;
  }

  answer(text) {
    const message = this.say(false, text);
    for (const line of this.lines) line.hear("help_message", { rev: message.rev, message });
  }

  /** Among agents: it takes a rev, and the visitor is told nothing. */
  note() {
    this.rev += 1;
    this.conversation.rev = this.rev;
  }

  change(values) {
    this.rev += 1;
    this.tell(values);
  }

  /** Where it stands, under the `rev` of what caused that. */
  tell(values) {
    Object.assign(this.conversation, values, { rev: this.rev });
    for (const line of this.lines) line.hear("help_changed", { rev: this.rev, message: null, conversation: { ...this.conversation } });
  }

  welcome() {
    const conversation = this.conversation && { ...this.conversation };
    return { protocol: 1, epoch: this.epoch, time: "", site: "Sample shop", look: this.look, here: this.here, conversation, text_limit: 8000, file_limit: 1 };
  }

  async help_send({ cid, text, files = [] }) {
    this.sent.push(text);
    if (files.length) this.files.push(files);
    const known = this.messages.find((message) => message.cid === cid);
    if (known) return { message: known, duplicate: true };
    this.conversation ??= { state: "waiting", rev: 0, agent: null, name: "Visitor 7", named: false, email: "", rating: null };
    if (this.conversation.state === "resolved") this.conversation.state = "waiting";
    return { message: { ...this.say(true, text, cid) }, duplicate: false };
  }

  async help_history({ before = null, limit }) {
    const found = this.conversation ? this.messages.filter((message) => before === null || message.seq < before) : [];
    return { messages: found.slice(-limit), more: found.length > limit, rev: this.conversation ? this.rev : 0 };
  }

  async help_sync({ rev, limit }) {
    if (!this.conversation) return { rev: 0, messages: [], more: false, reset: rev > 0, conversation: null };
    if (rev > this.rev) return { rev: this.rev, messages: [], more: false, reset: true, conversation: null };
    const found = this.messages.filter((message) => message.rev > rev).sort((a, b) => a.rev - b.rev);
    return { rev: this.rev, messages: found.slice(0, limit), more: found.length > limit, reset: false, conversation: { ...this.conversation } };
  }

  async help_details(details) {
    this.details.push(details);
    this.change({ ...details, ...(details.name && { named: true }) });
    return {};
  }

  async help_close({ rating, comment }) {
    this.change({ state: "resolved", rating, comment });
    return {};
  }
}

/** The socket and the connection of one window. With `deaf`, facts are lost; with `losing`, so are acks. */
class Line extends Emitter {
  connected = false;
  deaf = false;
  losing = 0;
  refusal = null;
  told = [];

  constructor(desk) {
    super();
    this.desk = desk;
  }

  hear(name, payload) {
    if (this.connected && !this.deaf) this.emit("fact", { name, payload: structuredClone(payload) });
  }

  command = async (name, payload) => {
    if (!this.connected) throw new CommandError({ code: "disconnected", retryable: true });
    if (name === "help_send" && this.refusal) throw new CommandError(this.refusal);
    const answer = await this.desk[name](payload);
    if (name === "help_send" && this.losing > 0) {
      this.losing -= 1;
      this.drop();
      throw new CommandError({ code: "disconnected", retryable: true });
    }
    return structuredClone(answer);
  };

  tell(name, payload) {
    this.told.push([name, payload]);
  }

  // As the model knows a connection.
  start() {
    this.connected = true;
    this.desk.lines.push(this);
    this.emit("open");
    this.hear("help_welcome", this.desk.welcome());
  }

  drop() {
    this.connected = false;
    this.desk.lines = this.desk.lines.filter((line) => line !== this);
    this.emit("lost");
    this.emit("change");
  }

  end(reason) {
    this.ended = reason;
    this.drop();
  }
}

let desk;
let storage;
beforeEach(() => {
  desk = new Desk();
  storage = new FakeStorage();
});

async function open() {
  const line = new Line(desk);
  const model = new HelpModel({ socket: line, connection: line, kept: new Kept({ site: SITE, storage }), random: () => 0 });
  await model.start();
  await settle();
  return { line, model };
}

const texts = (model) => model.messages.map((message) => message.text);

describe("what a visitor's browser keeps", () => {
  it("is a secret of 256 bits for each site, the same the next time", () => {
    const secret = new Kept({ site: SITE, storage }).secret();
    assert.match(secret, /^[\w-]{43}$/);
    assert.equal(new Kept({ site: SITE, storage }).secret(), secret);
    assert.notEqual(new Kept({ site: "another", storage }).secret(), secret);
  });

  it("lasts as long as the page where storage is refused", () => {
    const refusing = { getItem() { throw new Error("no"); }, setItem() { throw new Error("no"); }, removeItem() { throw new Error("no"); } };
    for (const refused of [null, refusing]) {
      const kept = new Kept({ site: SITE, storage: refused });
      assert.equal(kept.secret(), kept.secret());
      kept.set("read", 3);
      assert.equal(kept.get("read"), 3);
      kept.set("read", null);
      assert.equal(kept.get("read"), null);
    }
  });

  it("is made anew where it is no secret", () => {
    storage.setItem(`hubbub-help:${SITE}:secret`, '"short"');
    assert.match(new Kept({ site: SITE, storage }).secret(), /^[\w-]{43}$/);
  });
});

describe("a visitor's conversation", () => {
  it("begins with the first message, and hears the answer", async () => {
    const { model } = await open();
    assert.equal(model.begun, false);
    assert.equal(model.say("  "), false);
    model.say("Do you have it in blue?");
    await settle();
    assert.deepEqual(texts(model), ["Do you have it in blue?"]);
    assert.deepEqual(model.pending, []);
    assert.equal(model.conversation.state, "waiting");
    desk.answer("We do.");
    assert.deepEqual(texts(model), ["Do you have it in blue?", "We do."]);
    assert.equal(model.unread, 1);
    model.watch(true);
    assert.equal(model.unread, 0);
    desk.answer("And in red.");
    assert.equal(model.unread, 0);
  });

  it("is the same after a reload, with what was not seen", async () => {
    const first = await open();
    first.model.say("one");
    await settle();
    first.line.drop();
    desk.answer("two");
    const again = await open();
    assert.deepEqual(texts(again.model), ["one", "two"]);
    assert.equal(again.model.unread, 1);
  });

  it("goes over what agents say among themselves, and finds what it has missed", async () => {
    const { line, model } = await open();
    model.say("one");
    await settle();
    desk.note();
    desk.answer("two");
    await settle();
    line.deaf = true;
    desk.answer("three");
    desk.note();
    line.deaf = false;
    desk.answer("four");
    await settle();
    assert.deepEqual(texts(model), ["one", "two", "three", "four"]);
    // Nothing is open: the next fact is applied without asking.
    line.command = () => assert.fail("asked in vain");
    desk.answer("five");
    assert.equal(texts(model).at(-1), "five");
  });

  it("loses no answer where the line is cut behind what is told of it", async () => {
    const { line, model } = await open();
    model.say("one");
    await settle();
    desk.say(false, "two");
    desk.tell({ state: "open", agent: AGENT });
    assert.equal(model.conversation.state, "open");
    line.drop();
    desk.answer("three");
    line.start();
    await settle();
    assert.deepEqual(texts(model), ["one", "two", "three"]);
    line.deaf = true;
    desk.answer("four");
    line.deaf = false;
    // A server that has found out tells no more than how far it is.
    line.hear("help_changed", { rev: desk.rev, message: null, conversation: null });
    await settle();
    assert.equal(texts(model).at(-1), "four");
  });

  it("is read anew after a day, since addresses of files end", async () => {
    const { line, model } = await open();
    model.say("Look", [{ id: 7 }]);
    await settle();
    assert.deepEqual(desk.files, [[7]]);
    desk.messages[0].files = [{ id: 7, url: "new" }];
    const urls = () => model.messages[0].files.map(({ url }) => url);
    model.watch(true);
    await settle();
    assert.deepEqual(urls(), []);
    mock.timers.enable({ apis: ["Date"], now: Date.now() + 21 * 3_600_000 });
    model.watch(true);
    await settle();
    assert.deepEqual(urls(), ["new"]);
    desk.messages[0].files = [{ id: 7, url: "newest" }];
    mock.timers.setTime(Date.now() + 21 * 3_600_000);
    line.drop();
    line.start();
    await settle();
    assert.deepEqual(urls(), ["newest"]);
    mock.timers.reset();
  });

  it("catches up after a lost line, in parts where it is much", async () => {
    const { line, model } = await open();
    model.say("one");
    await settle();
    line.drop();
    for (let number = 0; number < 230; number += 1) desk.say(false, `answer ${number}`);
    line.start();
    await settle(100);
    assert.equal(model.messages.length, 231);
    assert.deepEqual(model.messages.map((message) => message.seq), Array.from({ length: 231 }, (_, at) => at + 1));
  });

  it("is another one after a restored backup", async () => {
    const { line, model } = await open();
    model.say("one");
    await settle();
    line.drop();
    Object.assign(desk, { epoch: "e2", messages: [], rev: 0, conversation: null });
    line.start();
    await settle();
    assert.deepEqual(texts(model), []);
    assert.equal(model.conversation, null);
  });

  it("is over after some days, and what was read of it says nothing of the next", async () => {
    const first = await open();
    first.model.watch(true);
    first.model.say("one");
    await settle();
    for (let number = 0; number < 5; number += 1) desk.answer(`answer ${number}`);
    const kept = new Kept({ site: SITE, storage });
    assert.equal(kept.get("begun"), true);
    assert.equal(kept.get("read"), 6);
    first.line.drop();
    Object.assign(desk, { messages: [], rev: 0, conversation: null });
    first.model.watch(false);
    first.line.start();
    await settle();
    assert.equal(kept.get("begun"), null);
    assert.deepEqual(texts(first.model), []);
    first.line.drop();
    desk.conversation = { state: "open", rev: 0, agent: AGENT, name: "Visitor 7", email: "", rating: null };
    desk.say(false, "Are you there?");
    first.line.start();
    await settle();
    assert.equal(first.model.unread, 1);
  });

  it("is read backwards in parts", async () => {
    desk.conversation = { state: "open", rev: 0, agent: AGENT, name: "Visitor 7", email: "", rating: null };
    for (let number = 1; number <= 70; number += 1) desk.say(false, `answer ${number}`);
    const { model } = await open();
    assert.equal(model.messages.length, 50);
    assert.equal(model.more, true);
    await model.earlier();
    assert.equal(model.messages.length, 70);
    assert.equal(model.more, false);
  });
});

describe("what a visitor writes", () => {
  it("is one message though its ack was lost, and waits for the line", async () => {
    const { line, model } = await open();
    line.losing = 1;
    model.say("one");
    model.say("two");
    await settle();
    assert.equal(line.connected, false);
    assert.deepEqual(model.pending.map((entry) => [entry.text, entry.state]), [["one", "queued"], ["two", "queued"]]);
    line.start();
    await settle(60);
    assert.deepEqual(texts(model), ["one", "two"]);
    assert.deepEqual(desk.messages.map((message) => message.text), ["one", "two"]);
    assert.deepEqual(model.pending, []);
    assert.deepEqual(await new Kept({ site: SITE, storage }).database.all(), []);
  });

  it("survives a reload without a line, under the same cid", async () => {
    const first = await open();
    first.line.losing = 1;
    first.model.say("one");
    await settle();
    first.model.say("two");
    await settle();
    const again = await open();
    await settle(60);
    assert.deepEqual(texts(again.model), ["one", "two"]);
    assert.deepEqual(desk.messages.map((message) => message.text), ["one", "two"]);
  });

  it("has failed after a final no, until it is tried again or thrown away", async () => {
    const { line, model } = await open();
    line.refusal = { code: "forbidden", message: "No." };
    model.say("one");
    model.say("two");
    await settle(60);
    assert.deepEqual(model.pending.map((entry) => entry.state), ["failed", "failed"]);
    line.refusal = null;
    model.discard(model.pending[1].cid);
    model.retry(model.pending[0].cid);
    await settle(60);
    assert.deepEqual(texts(model), ["one"]);
    assert.deepEqual(model.pending, []);
  });

  it("waits for its time where there was too much of it", async () => {
    const { line, model } = await open();
    mock.timers.enable({ apis: ["setTimeout"] });
    try {
      line.refusal = { code: "rate_limited", retry_after: 5, retryable: true };
      model.say("one");
      await settle();
      assert.equal(model.pending[0].state, "waiting");
      line.refusal = null;
      mock.timers.tick(4_900);
      await settle();
      assert.equal(model.pending[0].state, "waiting");
      mock.timers.tick(200);
      await settle();
      assert.deepEqual(texts(model), ["one"]);
    } finally {
      mock.timers.reset();
    }
  });

  it("comes to a window that was open beside the one that began", async () => {
    const one = await open();
    const other = await open();
    one.model.say("one");
    await settle();
    const [said] = desk.messages;
    other.line.hear("help_message", { rev: said.rev, message: said });
    await settle();
    assert.deepEqual([texts(other.model), other.model.conversation?.state], [["one"], "waiting"]);
  });

  it("is read again where the server had too much to do", async () => {
    const first = await open();
    first.model.say("one");
    await settle();
    mock.timers.enable({ apis: ["setTimeout"] });
    try {
      const read = desk.help_history;
      desk.help_history = async () => { throw new CommandError({ code: "rate_limited", retry_after: 3, retryable: true }); };
      const { model } = await open();
      assert.equal(model.loaded, false);
      desk.help_history = read;
      mock.timers.tick(3_000);
      await settle();
      assert.deepEqual([model.loaded, texts(model)], [true, ["one"]]);
    } finally {
      mock.timers.reset();
    }
  });

  it("is announced by typing, once there is somebody to see it", async () => {
    const { line, model } = await open();
    model.input("D");
    assert.deepEqual(line.told, []);
    model.say("Do you?");
    await settle();
    model.input("A");
    model.input("An");
    model.input("");
    assert.deepEqual(line.told.map(([, { on }]) => on), [true, false]);
  });
});

describe("what is asked of a visitor", () => {
  it("comes before the first message where it is required, and goes with it", async () => {
    Object.assign(desk.look, { ask_name: "required", ask_email: "optional" });
    const { model } = await open();
    assert.deepEqual(model.required, ["name"]);
    await model.describe({ name: "Ida" });
    assert.deepEqual(model.required, []);
    assert.deepEqual(desk.details, []);
    model.say("Hello");
    await settle();
    assert.deepEqual(desk.details, [{ name: "Ida" }]);
    assert.equal(model.conversation.name, "Ida");
    // What was said is not asked for again.
    assert.equal((await open()).model.details.name, "Ida");
    await model.describe({ email: "ida@shop.example" });
    await settle();
    assert.equal(model.details.email, "ida@shop.example");
  });

  it("is a name where the server has made one up", async () => {
    const { model } = await open();
    model.say("Hello");
    await settle();
    assert.deepEqual([model.conversation.name, model.details.name], ["Visitor 7", ""]);
  });

  it("is how it was, when it has ended; and writing goes on", async () => {
    const { model } = await open();
    model.say("Hello");
    await settle();
    desk.change({ state: "resolved" });
    assert.equal(model.conversation.state, "resolved");
    await model.close({ rating: 5, comment: "Kind" });
    assert.equal(model.conversation.rating, 5);
    model.say("One more thing");
    await settle();
    assert.equal(model.conversation.state, "waiting");
  });
});

describe("what agents do meanwhile", () => {
  it("is that they type, until the answer is there or the line is lost", async () => {
    mock.timers.enable({ apis: ["setTimeout"] });
    try {
      const { line, model } = await open();
      line.hear("help_typing", { agent: AGENT, on: true });
      assert.deepEqual(model.typing, ["Ada"]);
      desk.answer("Here.");
      assert.deepEqual(model.typing, []);
      line.hear("help_typing", { agent: AGENT, on: true });
      line.drop();
      assert.deepEqual(model.typing, []);
    } finally {
      mock.timers.reset();
    }
  });

  it("is that they are there or not", async () => {
    const { line, model } = await open();
    line.hear("help_status", { agents_online: 2, position: 3, here: false });
    assert.deepEqual([model.agentsOnline, model.position, model.welcome.here], [2, 3, false]);
    line.hear("session_ended", { reason: "closed" });
    assert.equal(line.ended, "closed");
  });
});

it("both languages have the same texts, in the same places", () => {
  const places = (text) => new Set(Object.values(typeof text === "string" ? [text] : text).join(" ").match(/\{\w+\}/g) ?? []);
  assert.deepEqual(Object.keys(zh), Object.keys(en));
  for (const key of Object.keys(en)) assert.deepEqual(places(zh[key]), places(en[key]), key);
});
