import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { Database } from "../../static/js/models/database.js";
import { SavedList } from "../../static/js/models/saved-list.js";
import { startClient, serverWithTwoRooms, tick } from "./client-support.js";
import { ANN, BEN, FakeStorage, settle, until } from "./support.js";

let server, client, socket, one, two, three;

const marked = (...messages) => messages.map(({ id }) => client.saved.has(id));

beforeEach(async () => {
  server = serverWithTwoRooms();
  [one, two, three] = [server.say(1, BEN, "one"), server.say(2, BEN, "two"), server.say(2, BEN, "three")];
  ({ client, socket } = await startClient(server));
});

describe("the marks of what I have saved", () => {
  it("follow what I do on any device, and nothing that others do", async () => {
    await client.saved.set(one, true);
    assert.deepEqual(marked(one, two), [true, false]);
    server.save(ANN, two.id);
    server.save(BEN, three.id);
    assert.deepEqual(marked(one, two, three), [true, true, false]);
    await client.saved.set(one, false);
    assert.deepEqual([marked(one, two, three), socket.count("saved_ids")], [[false, true, false], 0]);
  });

  it("are asked for where they have changed meanwhile, and only there", async () => {
    server.save(ANN, one.id);
    socket.drop();
    await tick(5_000);
    assert.deepEqual([client.connection.connected, marked(one), socket.count("saved_ids")], [true, [true], 0]);
    socket.drop();
    server.save(ANN, one.id, false);
    server.save(ANN, two.id);
    await tick(5_000);
    assert.deepEqual([marked(one, two), socket.count("saved_ids")], [[false, true], 1]);
  });

  it("are asked for again where a fact was missed, or came before the answer", async () => {
    let answer;
    socket.filter = () => [];
    server.save(ANN, one.id);
    socket.filter = (facts) => facts;
    socket.instead.saved_ids = () => new Promise((resolve) => (answer = resolve));
    server.save(ANN, two.id);
    await settle();
    server.save(ANN, three.id);
    delete socket.instead.saved_ids;
    answer({ rev: 2, messages: [one.id, two.id] });
    await settle();
    assert.deepEqual([marked(one, two, three), socket.count("saved_ids")], [[true, true, true], 2]);
  });

  it("are there at once after a reload, without a question where they are still right", async () => {
    const surroundings = { name: "saved", storage: new FakeStorage() };
    const database = new Database({ user: `${ANN.id}-saved` });
    const first = await startClient(server, { surroundings });
    server.save(ANN, two.id);
    first.page.emit("hide");
    await until("it is kept", async () => (await database.all("cache")).some(({ common }) => common?.saved.rev === 1));
    ({ client, socket } = await startClient(server, { surroundings: { ...surroundings, reachable: false } }));
    assert.deepEqual(marked(one, two), [false, true]);
    socket.reachable = true;
    await tick(20_000);
    assert.deepEqual([client.connection.connected, marked(one, two), socket.count("saved_ids")], [true, [false, true], 0]);
    // A restored backup begins to count anew.
    server.epoch = "e2";
    server.saved.set(ANN.id, { rev: 1, entries: [{ place: 1, id: one.id }] });
    socket.drop();
    await tick(5_000);
    assert.deepEqual(marked(one, two), [true, false]);
  });
});

describe("the list of what I have saved", () => {
  const shown = (list) => list.shown?.map((message) => message.text) ?? null;

  async function watched() {
    const list = new SavedList(client);
    const stop = list.watch(client);
    await settle();
    return { list, stop };
  }

  it("has the last saved first, and follows what I save and what becomes of it", async () => {
    for (const { id } of [two, one]) server.save(ANN, id);
    const { list, stop } = await watched();
    assert.deepEqual(shown(list), ["one", "two"]);
    server.save(ANN, three.id);
    server.edit(2, 1, "two, said otherwise");
    assert.deepEqual(shown(list), ["three", "one", "two, said otherwise"]);
    server.save(ANN, one.id, false);
    server.delete(2, 2);
    assert.deepEqual(shown(list), ["two, said otherwise"]);
    stop();
    server.save(ANN, one.id);
    assert.deepEqual(shown(list), ["two, said otherwise"]);
  });

  it("keeps what is told while a page is on its way", async () => {
    let answer;
    server.save(ANN, one.id);
    socket.instead.saved_list = () => new Promise((resolve) => (answer = resolve));
    const { list } = await watched();
    assert.equal(shown(list), null);
    server.save(ANN, two.id);
    server.save(ANN, one.id, false);
    answer({ messages: [one] });
    await settle();
    assert.deepEqual(shown(list), ["two"]);
  });

  it("is read page after page, and nothing twice", async () => {
    const pages = [{ messages: [three], next: 7 }, { messages: [three, two], next: 3 }, { messages: [one] }];
    socket.instead.saved_list = () => pages.shift();
    const { list } = await watched();
    for (let page = 0; page < 3; page += 1) await list.more();
    assert.deepEqual(shown(list), ["three", "two", "one"]);
    assert.deepEqual(socket.sent.filter(([name]) => name === "saved_list").map(([, fields]) => fields.before), [undefined, 7, 3]);
  });

  it("is without rooms that I am not in, which bring theirs back, and right again after a reconnect", async () => {
    for (const { id } of [one, two]) server.save(ANN, id);
    const { list } = await watched();
    client.removed(2, "left");
    assert.deepEqual(shown(list), ["one"]);
    socket.hear("room_added", { room: server.view(server.rooms.get(2), ANN.id), rev: 2 });
    await settle();
    assert.deepEqual(shown(list), ["two", "one"]);
    socket.drop();
    server.save(ANN, one.id, false);
    server.save(ANN, three.id);
    await tick(5_000);
    assert.deepEqual(shown(list), ["three", "two"]);
  });

  it("says why it can't be read, and is read once it can be", async () => {
    server.save(ANN, one.id);
    socket.drop();
    const { list } = await watched();
    assert.deepEqual([shown(list), list.error.code], [null, "disconnected"]);
    await tick(5_000);
    assert.deepEqual([shown(list), list.error], [["one"], null]);
  });
});

describe("reminders of what I have saved", () => {
  const at = (hour) => `2030-01-01T${String(hour).padStart(2, "0")}:00:00.000Z`;
  const called = () => client.saved.due(client.rooms).map(({ message }) => message);

  it("call until they are looked at, on all devices, in rooms that I am in", async () => {
    const told = [];
    client.saved.on("reminded", ({ message }) => told.push(message.text));
    await client.saved.remind(one, new Date(at(9)));
    assert.deepEqual([client.saved.has(one.id), client.saved.reminder(one.id).state, called()], [true, "waiting", []]);
    server.remind(ANN, one.id, at(9), "due");
    server.remind(ANN, two.id, at(10), "due");
    server.remind(BEN, three.id, at(10), "due");
    assert.deepEqual([told, called()], [["one", "two"], [one.id, two.id]]);
    client.removed(2, "left");
    assert.deepEqual(called(), [one.id]);
    await client.saved.see();
    assert.deepEqual([called(), client.saved.reminder(one.id).state], [[], "seen"]);
    // Taken off the list, it has none; neither has one that was deleted.
    await client.saved.set(one, false);
    assert.equal(client.saved.reminder(one.id), null);
    server.remind(ANN, one.id, at(11));
    server.delete(1, 1);
    assert.deepEqual([client.saved.reminder(one.id), client.saved.known, socket.count("saved_ids")], [null, true, 0]);
  });

  it("are asked for with the marks where something was missed", async () => {
    socket.drop();
    server.remind(ANN, one.id, at(9), "due");
    await tick(5_000);
    assert.deepEqual([called(), socket.count("saved_ids")], [[one.id], 1]);
  });

  it("stand before the list when they have come, and in their place when they are done or put off", async () => {
    for (const { id } of [one, two, three]) server.save(ANN, id);
    const list = new SavedList(client);
    list.watch(client);
    await settle();
    const shown = () => list.shown.map((message) => message.text);
    server.remind(ANN, one.id, at(9));
    assert.deepEqual(shown(), ["three", "two", "one"]);
    server.remind(ANN, one.id, at(9), "due");
    server.remind(ANN, two.id, at(10), "due");
    server.edit(1, 1, "one, said otherwise");
    assert.deepEqual(shown(), ["two", "one, said otherwise", "three"]);
    await client.saved.see();
    assert.deepEqual([shown(), list.isDue(one.id)], [["two", "one, said otherwise", "three"], true]);
    await client.saved.remind(two, new Date(at(20)));
    await client.saved.remind(one, null);
    assert.deepEqual([shown(), list.isDue(two.id)], [["three", "two", "one, said otherwise"], false]);
  });

  it("come first also where their page was not read", async () => {
    socket.instead.saved_list = () => ({ messages: [three], next: 3, due: [one] });
    server.remind(ANN, one.id, at(9), "due");
    const list = new SavedList(client);
    list.watch(client);
    await settle();
    assert.deepEqual(list.shown.map(({ id }) => id), [one.id, three.id]);
    await client.saved.remind(one, null);
    assert.deepEqual(list.shown.map(({ id }) => id), [three.id]);
  });
});
