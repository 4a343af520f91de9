import assert from "node:assert/strict";
import { describe, it, mock } from "node:test";
import { Device } from "../../static/js/models/device.js";
import { Notifications } from "../../static/js/models/notifications.js";
import { isSilent } from "../../static/js/models/silence.js";
import { answer } from "../../static/js/notify/answer.js";
import { compose } from "../../static/js/notify/show.js";
import { startClient } from "./client-support.js";
import { ANN, BEN, FakePage, FakeServer, FakeStorage, settle } from "./support.js";

/** Locks as a browser has them, shared ones too, for several tabs. */
class Locks {
  held = [];
  #waiting = [];

  async request(name, options, work = options) {
    const mode = options.mode ?? "exclusive";
    const free = () => !this.held.some((lock) => lock.name === name && (lock.mode === "exclusive" || mode === "exclusive"));
    if (!free()) await new Promise((resolve) => this.#waiting.push({ free, resolve }));
    const lock = { name, mode };
    this.held.push(lock);
    await work(lock);
    this.held.splice(this.held.indexOf(lock), 1);
    const next = this.#waiting.findIndex((one) => one.free());
    if (next >= 0) this.#waiting.splice(next, 1)[0].resolve();
  }

  async query() {
    return { held: this.held.map(({ name, mode }) => ({ name, mode })) };
  }
}

const now = () => new Date().toISOString();

async function tab(server, { locks = new Locks(), storage = new FakeStorage(), open = 1 } = {}) {
  const { client, socket } = await startClient(server, { open });
  const page = new FakePage();
  const device = new Device({ storage });
  device.set("notify", true);
  device.set("sound", true);
  const told = { shown: [], reminded: [], calls: [], chimes: 0, isOver: null };
  const notifications = new Notifications({
    client, page, device, locks,
    show: ({ room, messages, count, called }) => told.shown.push([room.id, messages.map((message) => message.text), count, called]),
    withdraw: (isOver) => (told.isOver = isOver),
    call: ({ conversation, here }) => told.calls.push([conversation.room, here]),
    remind: ({ room, message, here }) => told.reminded.push([room.id, message.text, here]),
    chime: () => (told.chimes += 1),
  });
  notifications.start();
  await settle();
  return { client, socket, page, device, told, locks };
}

function houses() {
  const server = new FakeServer();
  server.addRoom(1);
  server.addRoom(2);
  server.addRoom(3, [ANN.id, BEN.id], { kind: "direct", name: "", users: [ANN.id, BEN.id] });
  return server;
}

/** Let so much time pass, and what comes of it happen. */
async function pass(milliseconds = 1_000) {
  mock.timers.tick(milliseconds);
  await settle();
}

const say = (server, room, text, special = {}) => server.say(room, BEN, text, { created_at: now(), ...special });

describe("notifications", () => {
  const scene = (name, work) => it(name, async () => {
    mock.timers.enable({ apis: ["setTimeout"] });
    const server = houses();
    const one = await tab(server);
    try {
      await work(server, one);
    } finally {
      one.client.connection.end("closed");
      mock.timers.reset();
    }
  });

  scene("tell of what calls me, by what I chose for the room", async (server, { client, told }) => {
    client.rooms.get(2).heardOwn({ involvement: "mentions" });
    say(server, 2, "hello all");
    await pass();
    assert.deepEqual(told.shown, []);
    say(server, 2, "hello ann", { mentions: [ANN.id] });
    say(server, 3, "just us");
    await pass();
    assert.deepEqual(told.shown, [[2, ["hello ann"], 1, true], [3, ["just us"], 1, true]]);
    client.rooms.get(2).heardOwn({ involvement: "everything" });
    say(server, 2, "and more");
    await pass();
    assert.deepEqual(told.shown.at(-1), [2, ["and more"], 1, false]);
    assert.equal(told.chimes, 2, "what is merely everything makes no sound");
    client.rooms.get(2).heardOwn({ involvement: "nothing" });
    say(server, 2, "ann, quick", { mentions: [ANN.id] });
    await pass();
    assert.equal(told.shown.length, 3);
  });

  scene("tell a room's burst once, with its last lines and their number", async (server, { told }) => {
    for (const text of ["a", "b", "c", "d", "e"]) say(server, 3, text);
    await pass();
    assert.deepEqual(told.shown, [[3, ["c", "d", "e"], 5, true]]);
    assert.equal(told.chimes, 1);
  });

  scene("tell of a visitor who waits, until somebody has taken them", async (server, { socket, page, told }) => {
    const help = (room, state, calls = false) => socket.hear("help_queue_changed", { conversation: { room, state, visitor: BEN, waiting_since: now() }, waiting: 1, calls });
    help(90, "waiting", true);
    await pass();
    assert.deepEqual([told.calls, told.chimes], [[[90, true]], 1]);
    help(90, "waiting");
    help(91, "waiting", true);
    help(91, "open");
    assert.deepEqual([90, 91].map((room) => told.isOver({ visitor: true, room })), [false, true]);
    await pass();
    assert.equal(told.calls.length, 1, "whoever was taken at once calls nobody");
    page.focused = false;
    page.emit("change");
    await settle();
    help(92, "waiting", true);
    await pass();
    assert.deepEqual(told.calls.at(-1), [92, false]);
  });

  scene("tell of a reminder, where I am at the page or outside of it, but not into silence", async (server, { client, page, told }) => {
    const message = say(server, 2, "come back to this", { mentions: [BEN.id] });
    const comes = async () => {
      server.remind(ANN, message.id, now(), "due");
      await settle();
    };
    await comes();
    const data = { room: 2, seq: 1, message: message.id, reminder: true };
    await pass();
    assert.equal(told.isOver(data), false);
    page.focused = false;
    page.emit("change");
    await settle();
    await comes();
    assert.deepEqual([told.reminded, told.chimes], [[[2, "come back to this", true], [2, "come back to this", false]], 2]);
    client.choices.heard({ quietHours: { start: "00:00", end: "00:00", days: [1, 2, 3, 4, 5, 6, 7], zone: "UTC" } });
    await comes();
    assert.equal(told.reminded.length, 2);
    // Looked at, on whichever device, it is over.
    await client.saved.see();
    assert.equal(told.isOver(data), true);
  });

  scene("leave out what was read elsewhere, taken back, mine, old, or the room's own words", async (server, { told }) => {
    say(server, 3, "read at once on the phone");
    server.read(3, ANN, 1);
    say(server, 2, "oops", { mentions: [ANN.id] });
    server.delete(2, 1);
    server.say(2, ANN, "by myself", { created_at: now(), mentions: [ANN.id] });
    say(server, 2, "long ago", { mentions: [ANN.id], created_at: "2026-01-01T00:00:00.000Z" });
    say(server, 2, "renamed", { kind: "system", mentions: [ANN.id] });
    await pass();
    assert.deepEqual(told.shown, []);
  });

  scene("tell of the open room only while nobody looks at it", async (server, { page, told }) => {
    say(server, 1, "you see this, though it is further up");
    await pass();
    assert.deepEqual(told.shown, []);
    page.become({ visible: false });
    await settle();
    say(server, 1, "you don't see this");
    await pass();
    assert.deepEqual(told.shown, [[1, ["you don't see this"], 1, false]]);
  });

  scene("are silent while I am busy, and in quiet hours", async (server, { client, told }) => {
    client.people.put({ ...client.me, status: "dnd" });
    say(server, 3, "psst");
    await pass();
    client.people.put({ ...client.me, status: "online" });
    client.choices.heard({ quietHours: { start: "00:00", end: "00:00", days: [1, 2, 3, 4, 5, 6, 7], zone: "UTC" } });
    say(server, 3, "psst");
    await pass();
    assert.deepEqual([told.shown, told.chimes], [[], 0]);
    client.choices.heard({ quietHours: null });
    say(server, 3, "hello");
    await pass();
    assert.deepEqual([told.shown.length, told.chimes], [1, 1]);
  });

  scene("take away what has been read", async (server, { told }) => {
    say(server, 3, "read me");
    await pass();
    assert.equal(told.isOver({ room: 3, seq: 1 }), false);
    server.read(3, ANN, 1);
    await pass();
    assert.equal(told.isOver({ room: 3, seq: 1 }), true);
    assert.equal(told.isOver({ room: 99, seq: 1 }), true, "a room that I left");
  });

  scene("need to be turned on in this browser", async (server, { device, told }) => {
    device.set("notify", false);
    say(server, 3, "a sound alone");
    await pass();
    device.set("sound", false);
    say(server, 3, "nothing at all");
    await pass();
    assert.deepEqual([told.shown, told.chimes], [[], 1]);
  });

  it("are told by one tab, and by the next when that is gone; a room seen in any tab is seen", async () => {
    mock.timers.enable({ apis: ["setTimeout"] });
    const server = houses();
    const locks = new Locks();
    const first = await tab(server, { locks, open: 1 });
    const second = await tab(server, { locks, open: 2 });
    try {
      first.page.become({ focused: false, visible: false });
      say(server, 2, "seen in the second");
      say(server, 3, "seen nowhere");
      await pass();
      assert.deepEqual([first.told.shown.map(([room]) => room), second.told.shown], [[3], []]);
    } finally {
      mock.timers.reset();
      first.client.connection.end("closed");
      second.client.connection.end("closed");
    }
  });
});

describe("a note among agents", () => {
  const room = { id: 70, kind: "help" };
  const said = (seq, kind) => ({ id: seq, seq, author: BEN, kind, created_at: "2026-03-03T10:00:00.000Z" });
  const options = (...messages) => compose({ room, messages, count: messages.length, called: false }, { user: ANN.id, label: () => "Lisa", excerpt: ({ kind }) => kind, picture: () => "" }).options;

  it("is shown without a field for a reply, which the visitor would read", (t) => {
    globalThis.document = { documentElement: { lang: "en" } };
    t.after(() => delete globalThis.document);
    const names = ({ actions }) => actions.map(({ action }) => action);
    const last = options(said(1, "text"), said(2, "note"));
    assert.deepEqual([names(last), last.data.note], [["read"], true]);
    const before = options(said(1, "note"), said(2, "text"));
    assert.deepEqual([names(before), before.data.note], [["reply", "read"], undefined]);
  });

  it("is not replied to from one all the same", () => {
    const sent = [];
    const client = { me: ANN, phase: "ready", rooms: new Map([[70, room]]), reads: { markRead: () => {} }, send: (...what) => sent.push(what) };
    const ask = (data) => {
      const heard = [];
      answer(client, { data: { user: ANN.id, room: 70, message: 2, text: "among us", ...data }, ports: [{ postMessage: (done) => heard.push(done) }] }, { open: () => {} });
      return heard[0];
    };
    assert.deepEqual([ask({ hubbub: "reply", note: true }), sent.length], [false, 0]);
    assert.deepEqual([ask({ hubbub: "read", note: true }), ask({ hubbub: "reply" }), sent.length], [true, true, 1]);
  });
});

describe("silence", () => {
  const night = { start: "22:00", end: "07:00", days: [1, 2, 3, 4, 5], zone: "Europe/Berlin" };
  const at = (iso) => isSilent({ status: "online" }, night, Date.parse(iso));

  it("is at night in my own time zone, where the night belongs to the day on which it begins", () => {
    const seen = ["2026-01-05T20:59:59Z", "2026-01-05T21:00:00Z", "2026-01-06T05:59:59Z", "2026-01-06T06:00:00Z", "2026-01-10T05:59:00Z", "2026-01-12T05:30:00Z", "2026-07-06T20:30:00Z"].map(at);
    assert.deepEqual(seen, [false, true, true, false, true, false, true]);
  });

  it("is while I am busy, until that ends", () => {
    const busy = (until, now) => isSilent({ status: "dnd", status_until: until }, null, now);
    assert.deepEqual([busy(null, 5), busy("1970-01-01T00:00:00.010Z", 9), busy("1970-01-01T00:00:00.010Z", 10)], [true, true, false]);
  });
});

