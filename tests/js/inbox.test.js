import assert from "node:assert/strict";
import { beforeEach, describe, it, mock } from "node:test";
import { startClient } from "./client-support.js";
import { ANN, BEN, FakeServer, settle } from "./support.js";

let server, client, socket;

const shown = () => client.inbox.list?.map((message) => message.text) ?? null;
const fresh = () => client.inbox.list.filter((message) => client.inbox.isUnread(message)).map((message) => message.text);

beforeEach(async () => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
  server = new FakeServer();
  server.addRoom(1);
  server.addRoom(2);
  server.say(1, BEN, "for ann", { mentions: [ANN.id] });
  server.say(2, BEN, "to ann", { reply_author: ANN.id });
  server.say(2, BEN, "for nobody");
  ({ client, socket } = await startClient(server));
});

async function watch() {
  const stop = client.inbox.watch();
  await settle();
  return stop;
}

describe("the inbox", () => {
  it("has what calls and what answers me, the newest first, and counts what is unread", async () => {
    assert.equal(client.rooms.asking, 2);
    await watch();
    assert.deepEqual([shown(), fresh()], [["to ann", "for ann"], ["to ann", "for ann"]]);
    client.inbox.choose("mentions");
    assert.equal(client.inbox.list, null);
    await settle();
    assert.deepEqual(shown(), ["for ann"]);
    client.inbox.choose("replies");
    await settle();
    assert.deepEqual(shown(), ["to ann"]);
  });

  it("follows what is said, edited, deleted and read", async () => {
    await watch();
    server.say(1, BEN, "@room", { call: "room" });
    server.say(1, ANN, "my own @room", { call: "room" });
    server.say(1, BEN, "nothing");
    assert.deepEqual(shown(), ["to ann", "@room", "for ann"]);
    server.edit(1, 1, "for nobody");
    server.edit(1, 4, "for ann too", { mentions: [ANN.id] });
    server.delete(2, 1);
    // What a change in a room that is not loaded did to the counts is asked.
    mock.timers.tick(1_000);
    await settle();
    assert.deepEqual([shown(), client.rooms.asking], [["for ann too", "@room"], 2]);
    server.read(1, ANN, 2);
    assert.deepEqual([fresh(), client.rooms.asking], [["for ann too"], 1]);
    server.read(1, ANN, 4);
    assert.deepEqual([fresh(), client.rooms.asking], [[], 0]);
  });

  it("keeps what comes while a page is on its way, in the order of time", async () => {
    let answer;
    socket.instead.inbox_list = () => new Promise((resolve) => (answer = resolve));
    client.inbox.watch();
    await settle();
    const late = server.say(1, BEN, "late", { mentions: [ANN.id] });
    const [old] = server.rooms.get(1).messages;
    answer({ messages: [old] });
    await settle();
    assert.deepEqual(shown(), [late.text, "for ann"]);
  });

  it("reads page after page, over empty ones too, and leaves what is older than them to come", async () => {
    const pages = [{ messages: [], next: 10_005 }, { messages: [server.rooms.get(1).messages[0]], next: 10_001 }, { messages: [] }];
    socket.instead.inbox_list = () => pages.shift();
    await watch();
    assert.deepEqual([shown(), client.inbox.next], [["for ann"], 10_001]);
    await client.inbox.more();
    assert.deepEqual([shown(), client.inbox.next], [["for ann"], null]);
    await client.inbox.more();
    assert.deepEqual(socket.sent.filter(([name]) => name === "inbox_list").map(([, fields]) => fields.before), [undefined, 10_005, 10_001]);
  });

  it("marks one, and all, and takes that back", async () => {
    await watch();
    client.inbox.markRead(client.inbox.list[0]);
    assert.deepEqual([fresh(), client.rooms.get(2).unread], [["for ann"], 1]);
    const undo = client.inbox.markAllRead();
    assert.deepEqual([fresh(), client.rooms.asking], [[], 0]);
    mock.timers.tick(1_000);
    await settle();
    assert.equal(server.rooms.get(1).reads.get(ANN.id), 1);
    undo();
    mock.timers.tick(1_000);
    await settle();
    assert.deepEqual([fresh(), client.rooms.asking, server.rooms.get(1).reads.get(ANN.id)], [["for ann"], 1, 0]);
  });

  it("is read again after a reconnect, and by nobody who does not look at it", async () => {
    const stop = await watch();
    socket.drop();
    server.say(1, BEN, "meanwhile", { mentions: [ANN.id] });
    mock.timers.tick(5_000);
    await settle();
    assert.deepEqual([shown(), client.rooms.asking], [["to ann", "meanwhile", "for ann"], 3]);
    stop();
    const asked = socket.count("inbox_list");
    socket.drop();
    mock.timers.tick(5_000);
    await settle();
    assert.deepEqual([client.connection.connected, socket.count("inbox_list")], [true, asked]);
  });

  it("loses what is in a room that I have left, and says why it can't be read", async () => {
    await watch();
    client.removed(2, "left");
    assert.deepEqual([shown(), client.rooms.asking], [["for ann"], 1]);
    client.inbox.choose("mentions");
    socket.drop();
    await settle();
    assert.equal(client.inbox.error.code, "disconnected");
    mock.timers.tick(5_000);
    await settle();
    assert.deepEqual([shown(), client.inbox.error], [["for ann"], null]);
  });
});
