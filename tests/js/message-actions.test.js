/** What can be done with a message: reactions at once, pins, originals of replies, marks. */
import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { forwarded } from "../../static/js/elements/dialogs/forwarded.js";
import { serverWithTwoRooms, startClient, tick } from "./client-support.js";
import { ANN, BEN, settle, until } from "./support.js";

let server;

beforeEach(() => {
  server = serverWithTwoRooms();
});

describe("a reaction of mine", () => {
  const shown = (client, room, seq) => client.actions.reactions(room.timeline.get(seq));

  it("is shown at once, and once when the server tells of it", async () => {
    server.say(1, BEN, "a");
    const { client, room } = await startClient(server, { open: 1 });
    const done = client.actions.react(room.timeline.get(1), "🎉");
    assert.deepEqual(shown(client, room, 1), [{ emoji: "🎉", users: [ANN.id] }]);
    await done;
    assert.deepEqual(room.timeline.get(1).reactions, [{ emoji: "🎉", users: [ANN.id] }]);
    assert.deepEqual(shown(client, room, 1), room.timeline.get(1).reactions);
    await client.actions.react(room.timeline.get(1), "🎉");
    assert.deepEqual(shown(client, room, 1), []);
    await tick(3_000);
    // Nothing of mine is left to stand against what another device does.
    server.react(1, 1, ANN, "🎉");
    assert.equal(shown(client, room, 1).length, 1);
  });

  it("joins others', and is taken back alone", async () => {
    server.say(1, BEN, "a");
    server.react(1, 1, BEN, "👍");
    const { client, room, socket } = await startClient(server, { open: 1 });
    socket.instead.reaction_add = () => new Promise(() => {});
    client.actions.react(room.timeline.get(1), "👍").catch(() => {});
    assert.deepEqual(shown(client, room, 1), [{ emoji: "👍", users: [BEN.id, ANN.id] }]);
    assert.deepEqual(room.timeline.get(1).reactions, [{ emoji: "👍", users: [BEN.id] }]);
  });

  it("goes away again where it is refused", async () => {
    server.say(1, BEN, "a");
    const { client, room, socket } = await startClient(server, { open: 1 });
    socket.instead.reaction_add = () => {
      throw Object.assign(new Error("no"), { code: "conflict" });
    };
    let changes = 0;
    client.actions.on("change", () => (changes += 1));
    await assert.rejects(client.actions.react(room.timeline.get(1), "🎉"), { code: "conflict" });
    assert.deepEqual([shown(client, room, 1), changes], [[], 2]);
  });
});

describe("edits and deletions", () => {
  it("are there with the ack, whichever comes first", async () => {
    server.say(1, ANN, "a");
    const { client, room, socket } = await startClient(server, { open: 1 });
    socket.filter = () => [];
    await client.actions.edit(room.timeline.get(1), "b");
    assert.equal(room.timeline.get(1).text, "b");
    await client.actions.delete(room.timeline.get(1));
    assert.ok(room.timeline.get(1).deleted);
  });
});

describe("pins", () => {
  const texts = (room) => room.pins.list.map((message) => message.text);

  it("follow what happens, the last pinned first", async () => {
    for (const text of ["a", "b", "c"]) server.say(1, BEN, text);
    server.pin(1, 1);
    const { client, room } = await startClient(server, { open: 1 });
    await room.pins.load();
    assert.deepEqual(texts(room), ["a"]);
    await client.actions.pin(room.timeline.get(2));
    assert.deepEqual(texts(room), ["b", "a"]);
    server.edit(1, 1, "a, edited");
    assert.deepEqual(texts(room), ["b", "a, edited"]);
    server.delete(1, 2);
    assert.deepEqual(texts(room), ["a, edited"]);
    await client.actions.pin(room.timeline.get(1), false);
    assert.deepEqual(texts(room), []);
  });

  it("do not come back with an older page, and hear what comes while they are read", async () => {
    server.say(1, BEN, "a");
    const pinned = server.pin(1, 1);
    const { room, socket } = await startClient(server, { open: 1 });
    let answer;
    socket.instead.pin_list = () => new Promise((resolve) => (answer = resolve));
    const loading = room.pins.load();
    await settle();
    server.pin(1, 1, false);
    answer({ messages: [pinned] });
    await loading;
    assert.deepEqual(texts(room), []);
    room.pins.heard([pinned]);
    assert.deepEqual(texts(room), []);
  });

  it("are read again after a lost connection", async () => {
    server.say(1, BEN, "a");
    const { room, socket } = await startClient(server, { open: 1 });
    await room.pins.load();
    socket.drop();
    server.pin(1, 1);
    await tick(2_000);
    await until("the pin", () => texts(room).length === 1);
  });
});

describe("originals of replies", () => {
  it("are taken from what is loaded, else fetched together, and followed", async () => {
    for (let n = 0; n < 60; n += 1) server.say(1, BEN, `${n}`);
    const { room, socket } = await startClient(server, { open: 1 });
    const id = (seq) => server.rooms.get(1).messages[seq - 1].id;
    assert.equal(room.originals.get(id(60)).text, "59");
    assert.deepEqual([1, 2, 1].map((seq) => room.originals.get(id(seq))), [undefined, undefined, undefined]);
    assert.equal(room.originals.get(987_654), undefined);
    await tick(20);
    await until("fetched", () => room.originals.get(id(1)));
    assert.deepEqual(socket.sent.filter(([name]) => name === "message_get"), [["message_get", { messages: [id(1), id(2), 987_654] }]]);
    assert.equal(room.originals.get(987_654), null);
    server.edit(1, 1, "said otherwise");
    assert.equal(room.originals.get(id(1)).text, "said otherwise");
    server.delete(1, 2);
    assert.ok(room.originals.get(id(2)).deleted);
  });

  it("are asked for again by the next connection", async () => {
    for (let n = 0; n < 60; n += 1) server.say(1, BEN, `${n}`);
    const { room, socket } = await startClient(server, { open: 1 });
    const { id } = server.rooms.get(1).messages[0];
    socket.instead.message_get = () => new Promise(() => {});
    room.originals.get(id);
    await tick(20);
    socket.drop();
    delete socket.instead.message_get;
    await tick(2_000);
    await tick(20);
    await until("fetched", () => room.originals.get(id));
  });
});

describe("marking as unread", () => {
  it("is told to the server and to my other device, and lasts while the room is open", async () => {
    for (const text of ["a", "b", "c"]) server.say(1, BEN, text);
    const { client, room } = await startClient(server, { open: 1 });
    const other = await startClient(server);
    client.reads.setAtEnd(1, true);
    await tick(400);
    assert.equal(other.client.rooms.get(1).unread, 0);
    client.reads.markUnread(1, 2);
    assert.deepEqual([room.unread, room.newAfter], [2, 1]);
    await tick(400);
    assert.equal(server.rooms.get(1).reads.get(ANN.id), 1);
    assert.equal(other.client.rooms.get(1).unread, 2);
    server.say(1, BEN, "d");
    client.reads.look();
    assert.equal(room.unread, 3);
    client.open(2);
    client.open(1);
    client.reads.setAtEnd(1, true);
    assert.equal(room.unread, 0);
    await tick(400);
    assert.equal(other.client.rooms.get(1).unread, 0);
  });

  it("moves the line where nothing was read yet", async () => {
    for (const text of ["a", "b", "c"]) server.say(1, BEN, text);
    const { client, room } = await startClient(server, { open: 1 });
    client.reads.markUnread(1, 3);
    assert.deepEqual([room.lastRead, room.unread, room.newAfter], [2, 1, 2]);
    client.reads.markUnread(1, 3);
    await tick(400);
    assert.equal(server.rooms.get(1).reads.get(ANN.id), 2);
    client.reads.markRead(1);
    assert.deepEqual([room.unread, room.keptUnread], [0, false]);
  });
});

describe("a forwarded text", () => {
  const parts = { comment: "", text: "one\n\ntwo", from: "From Ann", link: "https://chat.example/room/1?at=2", most: 10_000 };

  it("is a quote under its author and address", () => {
    assert.equal(forwarded(parts), "> [From Ann](https://chat.example/room/1?at=2)\n>\n> one\n>\n> two");
    assert.ok(forwarded({ ...parts, comment: " Look " }).startsWith("Look\n\n> ["));
  });

  it("says a name that looks like Markdown as it is", () => {
    assert.ok(forwarded({ ...parts, from: "From [x](y) *z*" }).startsWith("> [From \\[x\\](y) \\*z\\*]("));
  });

  it("is cut where it does not fit", () => {
    const text = forwarded({ ...parts, text: "x\n".repeat(8_000), most: 300 });
    assert.equal([...text].length, 300);
    assert.ok(text.endsWith("…"));
  });
});
