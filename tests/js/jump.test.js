import assert from "node:assert/strict";
import { beforeEach, describe, it, mock } from "node:test";
import { startClient } from "./client-support.js";
import { ANN, BEN, FakeServer, settle, user } from "./support.js";

const JUN = user(3, "jun");

let server, client, socket, jump, answers;

const keys = () => jump.results.map((result) => result.key);

beforeEach(async () => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
  server = new FakeServer();
  for (const [id, name] of [[1, "garden"], [2, "harbour"], [3, "guards"]]) server.addRoom(id, undefined, { name });
  ({ client, socket } = await startClient(server));
  ({ jump } = client);
  answers = {};
  for (const name of ["user_list", "search"]) socket.instead[name] = () => new Promise((resolve, reject) => (answers[name] = { resolve, reject }));
});

async function type(query) {
  jump.type(query);
  mock.timers.tick(150);
  await settle();
  mock.timers.tick(200);
  await settle();
}

async function answer(name, value) {
  answers[name].resolve(value);
  await settle();
}

const hit = (seq) => ({ message: { id: 10_000 + seq, room: 1, seq, author: BEN }, excerpt: ["a ", "word"] });

describe("the quick switcher", () => {
  it("begins with where one was before", () => {
    assert.deepEqual(keys(), ["room-1", "room-3", "room-2", "browse"]);
    for (const room of [2, 3, 1]) client.open(room);
    assert.deepEqual(keys(), ["room-3", "room-2", "room-1", "browse"]);
  });

  it("has rooms at once, what begins with the letters first, and those that were open last before others", async () => {
    jump.type("ar");
    assert.deepEqual(keys().slice(0, 3), ["room-1", "room-3", "room-2"]);
    jump.type("#g");
    assert.deepEqual(keys(), ["room-1", "room-3", "search", "browse"]);
    client.open(3);
    assert.deepEqual(keys(), ["room-3", "room-1", "search", "browse"]);
  });

  it("finds words however they are joined, and a person before a conversation of many", async () => {
    server.addRoom(4, undefined, { name: "build-logs" });
    const three = [ANN.id, BEN.id, JUN.id];
    server.addRoom(5, three, { kind: "direct", name: "", users: three, seq: 1 });
    ({ client } = await startClient(server));
    ({ jump } = client);
    for (const query of ["build logs", "logs bui", "BUILD_L"]) {
      jump.type(query);
      assert.equal(keys()[0], "room-4", query);
    }
    client.people.put(JUN);
    jump.type("jun");
    assert.deepEqual(keys().slice(0, 2), ["person-3", "room-5"]);
  });

  it("puts whatever comes later below what is there, in whatever order it comes", async () => {
    await type("ar");
    const before = keys();
    jump.move(1);
    const { picked } = jump;
    await answer("search", { hits: [hit(1)] });
    assert.deepEqual(keys(), before);
    await answer("user_list", { users: [ANN, JUN] });
    assert.deepEqual(keys(), [...before, "person-3", "search", "browse", "message-10001"]);
    assert.equal(jump.picked, picked);
    assert.deepEqual(socket.sent.filter(([name]) => name === "search" || name === "user_list"), [
      ["user_list", { query: "ar", limit: 9 }],
      ["search", { query: "ar", limit: 5 }],
    ]);
  });

  it("takes what comes, if somebody was quicker", async () => {
    const taken = [];
    await type("jun");
    assert.deepEqual(keys(), []);
    jump.take((result) => taken.push(result.key));
    await answer("user_list", { users: [JUN] });
    assert.deepEqual(taken, ["person-3"]);
    await type("jum");
    jump.take((result) => taken.push(result.key));
    await type("jumble");
    await answer("user_list", { users: [] });
    assert.deepEqual(taken, ["person-3"]);
    assert.deepEqual(keys(), ["search", "browse"]);
    jump.take((result) => taken.push(result.key));
    assert.deepEqual(taken, ["person-3", "search"]);
  });

  it("waits for the rooms of a page that has just begun", async () => {
    const taken = [];
    const other = await startClient(server, { surroundings: { reachable: false } });
    other.client.jump.type("#harb");
    other.client.jump.take((result) => taken.push(result.key));
    assert.deepEqual(taken, []);
    other.socket.reachable = true;
    mock.timers.tick(5_000);
    await settle();
    assert.deepEqual(taken, ["room-2"]);
  });

  it("goes round, to the first and to the last", async () => {
    jump.move(-1);
    assert.equal(jump.results[jump.place].key, "browse");
    jump.move(1);
    assert.equal(jump.place, 0);
    jump.toLast();
    assert.equal(jump.place, 3);
    jump.toFirst();
    assert.equal(jump.place, 0);
  });

  it("knows the way to look further without a connection, and asks nothing that makes no sense", async () => {
    await type("x");
    answers.user_list.reject(new Error("offline"));
    answers.search.reject(new Error("offline"));
    await settle();
    assert.deepEqual(keys(), ["search", "browse"]);
    socket.sent.length = 0;
    for (const query of ["#garden", "@ben", "  ", "from:", "in:#garden"]) await type(query);
    const asked = socket.sent.map(([name, { query }]) => `${name} ${query}`);
    assert.deepEqual(asked.filter((line) => /^(search|user_list)/.test(line)), ["user_list ben", "user_list from:", "user_list in:#garden"]);
  });
});
