/** Visitors' conversations, as an agent's page knows them: four lists, notes that stay among agents, and canned answers. */
import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";

import { Completions } from "../../static/js/models/completions.js";
import { helpOf } from "../../static/js/models/help.js";
import { CommandError } from "../../static/js/socket.js";
import { serverWithTwoRooms, startClient, texts, tick } from "./client-support.js";
import { ANN, BEN, settle } from "./support.js";

const VISITOR = { id: 90, username: "visitor-90", name: "Visitor 90", avatar: null, role: "visitor" };
let server, client, socket, help, conversations;

function conversation(room, fields = {}) {
  const time = new Date(Date.UTC(2026, 2, 3, 10) + room * 1_000).toISOString();
  return {
    room, site: 1, visitor: VISITOR, email: "", state: "waiting", agent: null, opened_at: time, waiting_since: time, said_at: time, resolved_at: null,
    last: "Hello?", rating: null, comment: "", page: "", browser: "", language: "en", earlier: 0, ...fields,
  };
}

/** Something has become of a conversation, and all agents hear it. */
function change(room, fields) {
  const now = { ...(conversations.get(room) ?? conversation(room)), ...fields };
  conversations.set(room, now);
  socket.hear("help_queue_changed", { conversation: now, waiting: waiting().length });
}

const all = () => [...conversations.values()];
const waiting = () => all().filter(({ state }) => state === "waiting");
const rooms = (name) => help.lists[name].list.map(({ room }) => room);
const IN = {
  waiting: (one) => one.state === "waiting", mine: (one) => one.agent === ANN.id && one.state !== "resolved",
  open: (one) => one.state === "open", resolved: (one) => one.state === "resolved",
};

function list(_me, { list: name, query = "", before = null, limit }) {
  const order = name === "waiting" ? (a, b) => Date.parse(a.waiting_since) - Date.parse(b.waiting_since) : (a, b) => b.room - a.room;
  const sorted = all().filter(IN[name]).filter(({ visitor }) => visitor.name.includes(query)).sort(order);
  const found = sorted.slice(sorted.findIndex(({ room }) => room === before) + 1);
  const page = found.slice(0, limit);
  return { conversations: page, next: found.length > limit ? page.at(-1).room : null, waiting: waiting().length };
}

beforeEach(async () => {
  server = serverWithTwoRooms();
  server.addRoom(70, [ANN.id], { kind: "help", name: VISITOR.name });
  conversations = new Map([[71, conversation(71)], [72, conversation(72, { state: "open", agent: ANN.id, waiting_since: null })], [73, conversation(73)]]);
  server.commands.help_list = list;
  ({ client, socket } = await startClient(server));
  help = helpOf(client);
});

describe("the four lists", () => {
  beforeEach(async () => {
    for (const each of Object.values(help.lists)) each.load();
    await settle();
  });

  it("say who has waited longest, and of all others what was begun last", () => {
    assert.deepEqual([rooms("waiting"), rooms("mine"), rooms("open"), rooms("resolved"), help.waiting], [[71, 73], [72], [72], [], 2]);
  });

  it("follow what becomes of a conversation, and how many wait", () => {
    change(74, {});
    change(71, { state: "open", agent: BEN.id });
    assert.deepEqual([rooms("waiting"), rooms("mine"), rooms("open"), help.waiting], [[73, 74], [72], [72, 71], 2]);
    change(71, { agent: ANN.id });
    assert.deepEqual(rooms("mine"), [72, 71]);
    change(71, { state: "resolved" });
    change(72, { last: "Thanks" });
    assert.deepEqual([rooms("mine"), rooms("open"), rooms("resolved"), help.lists.mine.list[0].last, help.about(71).state], [[72], [72], [71], "Thanks", "resolved"]);
  });

  it("know what was missed without a line", async () => {
    socket.drop();
    conversations.set(75, conversation(75));
    conversations.delete(71);
    await tick(5_000);
    await settle();
    assert.deepEqual([rooms("waiting"), help.waiting], [[73, 75], 2]);
  });

  it("put who comes back behind those who wait already", () => {
    change(72, { state: "waiting", waiting_since: "2026-03-03T11:00:00.000Z" });
    assert.deepEqual(rooms("waiting"), [71, 73, 72]);
  });

  it("find a visitor by name, and take in who has it", async () => {
    help.lists.waiting.find(" Visitor 90 ");
    await settle();
    assert.deepEqual(rooms("waiting"), [71, 73]);
    const lisa = { ...VISITOR, id: 91, name: "Lisa" };
    change(80, { visitor: lisa });
    assert.deepEqual(rooms("waiting"), [71, 73]);
    help.lists.waiting.find("Lisa");
    await settle();
    assert.deepEqual(rooms("waiting"), [80]);
    change(81, { visitor: { ...lisa, id: 92, name: "Elisabeth LISA" } });
    assert.deepEqual(rooms("waiting"), [80, 81]);
    change(80, { visitor: { ...lisa, name: "Ann" } });
    assert.deepEqual(rooms("waiting"), [81]);
  });

  it("take nothing in that lies behind what was read of them", async () => {
    for (let room = 100; room < 160; room += 1) conversations.set(room, conversation(room));
    help.lists.waiting.load();
    await settle();
    assert.equal(rooms("waiting").length, 50);
    change(200, {});
    assert.equal(rooms("waiting").includes(200), false);
    await help.lists.waiting.more();
    assert.deepEqual([rooms("waiting").length, rooms("waiting").at(-1), help.waiting], [63, 200, 63]);
  });
});

describe("reading a resolved one", () => {
  beforeEach(async () => {
    server.commands.help_earlier = () => ({ messages: [] });
    conversations.set(60, conversation(60, { state: "resolved" }));
    help.lists.resolved.load();
    await settle();
    help.show(help.about(60));
    await settle();
  });

  it("goes on over a lost line, also where nothing more is told of it", async () => {
    socket.drop();
    conversations.delete(60);
    await tick(5_000);
    await settle();
    assert.deepEqual([help.about(60), help.reading.room, help.said(60).messages], [null, 60, []]);
  });

  it("ends when somebody opens it again", () => {
    change(60, { comment: "Thanks" });
    assert.equal(help.reading.comment, "Thanks");
    change(60, { state: "open", agent: BEN.id });
    assert.equal(help.reading, null);
  });
});

describe("what is done with one", () => {
  beforeEach(() => {
    for (const name of ["help_assign", "help_resolve"]) server.commands[name] = () => ({});
  });

  it("is taking, handing over, resolving and opening it again", async () => {
    await help.take(71);
    await help.assign(71, BEN.id);
    await help.assign(71, null);
    await help.resolve(71);
    await help.reopen(71);
    assert.deepEqual(socket.sent.slice(-5), [
      ["help_assign", { room: 71, user: ANN.id }], ["help_assign", { room: 71, user: BEN.id }], ["help_assign", { room: 71, user: null }],
      ["help_resolve", { room: 71, resolved: true }], ["help_resolve", { room: 71, resolved: false }],
    ]);
  });

  it("is coming in, with what the visitor asked before, which is read page by page without coming in", async () => {
    const before = conversation(60, { state: "resolved" });
    server.commands.help_look_at = () => ({ conversation: conversation(71, { earlier: 1 }), earlier: [before] });
    const said = (seq) => ({ id: seq, seq, room: 60, rev: seq, kind: "text" });
    server.commands.help_earlier = (_me, { before: end = 4 }) => ({ messages: [said(end - 2), said(end - 1)].filter(({ seq }) => seq > 0) });
    await help.look(71);
    assert.deepEqual([help.earlier(71).map(({ room }) => room), help.about(60).state, client.people.get(VISITOR.id).name], [[60], "resolved", VISITOR.name]);
    await help.read(60);
    assert.deepEqual([help.said(60).messages.map(({ seq }) => seq), help.said(60).more], [[2, 3], true]);
    await help.read(60, { more: true });
    assert.deepEqual([help.said(60).messages.map(({ seq }) => seq), help.said(60).more], [[1, 2, 3], false]);
    socket.instead.help_earlier = () => Promise.reject(new CommandError({ code: "forbidden" }));
    await help.read(60);
    assert.equal(help.said(60).error.code, "forbidden");
  });
});

describe("a note", () => {
  beforeEach(() => {
    server.commands.help_note = (me, { room, cid, text }) => ({ message: server.say(room, me, text, { cid, kind: "note" }), duplicate: false });
  });

  it("goes to agents alone, also after a reload, and without a line it waits as messages do", async () => {
    client.open(70);
    await settle();
    client.drafts.setNote(70, true);
    socket.drop();
    client.say(70, "Is this the one from yesterday?");
    assert.deepEqual(client.outbox.entries(70).map(({ note, state }) => [note, state]), [[true, "queued"]]);
    await tick(5_000);
    await settle();
    assert.deepEqual([texts(client.current), client.current.timeline.messages.at(-1).kind, socket.count("message_send")], [["Is this the one from yesterday?"], "note", 0]);
    assert.deepEqual(socket.sent.find(([name]) => name === "help_note")[1].files, undefined);
    client.drafts.setNote(70, false);
    client.say(70, "One moment, please");
    await settle();
    assert.equal(socket.count("message_send"), 1);
  });

  it("is not sent while files are attached, which would go to the visitor with the next message", async () => {
    client.attachments.add(70, [{ blob: new Blob(["x"]), name: "x.txt" }]);
    await settle();
    client.drafts.setNote(70, true);
    client.drafts.set(70, "Look at this");
    assert.equal(client.say(70, "Look at this"), null);
    assert.deepEqual([client.outbox.entries(70), client.drafts.get(70), client.attachments.list(70).length], [[], "Look at this", 1]);
    client.attachments.remove(70, client.attachments.list(70)[0].key);
    assert.notEqual(client.say(70, "Look at this"), null);
  });

  it("stays one in another page of this browser", async () => {
    const { client: first, storage } = await startClient(server);
    first.drafts.setNote(70, true);
    const { client: second } = await startClient(server, { surroundings: { storage } });
    assert.equal(second.drafts.note(70), true);
  });
});

it("canned answers complete behind a slash where visitors are helped, and only there", async () => {
  server.commands.help_answers = () => ({ answers: [{ id: 1, short: "hello", text: "Hello! How can we help?" }, { id: 2, short: "发票", text: "发票在附件里。" }] });
  const completions = new Completions(client, async () => []);
  const offered = async (room, text) => {
    completions.look(client.rooms.get(room), text, text.length);
    await settle();
    return completions.items.map(({ kind, insert }) => `${kind} ${insert}`);
  };
  assert.deepEqual(await offered(70, "/he"), ["answer Hello! How can we help?", "command /help"]);
  assert.deepEqual(await offered(70, "/发"), ["answer 发票在附件里。"]);
  // There is nothing to leave and nobody to invite.
  assert.deepEqual([await offered(70, "/le"), await offered(70, "/inv")], [[], []]);
  assert.deepEqual(await offered(1, "/he"), ["command /help"]);
});
