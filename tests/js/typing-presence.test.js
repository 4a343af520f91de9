import assert from "node:assert/strict";
import { beforeEach, describe, it, mock } from "node:test";
import { People } from "../../static/js/models/people.js";
import { Presence } from "../../static/js/models/presence.js";
import { Typing } from "../../static/js/models/typing.js";
import { settle, user } from "./support.js";

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout", "Date"] });
});

describe("my typing", () => {
  let told, typing;
  beforeEach(() => {
    told = [];
    typing = new Typing((_name, { room, on }) => told.push([room, on]));
  });

  it("is told at most every three seconds", () => {
    for (let second = 0; second < 7; second += 1) {
      typing.input(1, "text");
      mock.timers.tick(1_000);
    }
    assert.deepEqual(told, [[1, true], [1, true], [1, true]]);
  });

  it("ends with an empty field, a blur, another room, and is told only where it began", () => {
    typing.stop(1);
    typing.input(1, "a");
    typing.input(1, " ");
    typing.input(1, "b");
    typing.stop(1);
    typing.stop(1);
    typing.input(1, "c");
    typing.input(2, "c");
    assert.deepEqual(told, [[1, true], [1, false], [1, true], [1, false], [1, true], [1, false], [2, true]]);
  });

  it("needs no end when the message itself is one", () => {
    typing.input(1, "a");
    typing.sent(1);
    typing.stop(1);
    assert.deepEqual(told, [[1, true]]);
  });
});

describe("others' typing", () => {
  it("lapses after six seconds without a word", () => {
    const typing = new Typing(() => {});
    let changes = 0;
    typing.on("room", () => (changes += 1));
    typing.heard({ room: 1, user: 2, on: true });
    mock.timers.tick(5_000);
    typing.heard({ room: 1, user: 2, on: true });
    mock.timers.tick(5_999);
    assert.deepEqual(typing.in(1), [2]);
    mock.timers.tick(1);
    assert.deepEqual(typing.in(1), []);
    assert.equal(changes, 2);
  });

  it("ends when it is told, and with the connection", () => {
    const typing = new Typing(() => {});
    typing.heard({ room: 1, user: 2, on: true });
    typing.heard({ room: 1, user: 3, on: true });
    typing.heard({ room: 1, user: 2, on: false });
    typing.heard({ room: 1, user: 9, on: false });
    assert.deepEqual(typing.in(1), [3]);
    typing.clear();
    assert.deepEqual(typing.in(1), []);
  });
});

describe("presence", () => {
  let presence, changes;
  beforeEach(() => {
    presence = new Presence(() => 1);
    changes = 0;
    presence.on("change", () => (changes += 1));
  });

  it("shows coming at once and going five seconds later", () => {
    presence.heard({ 2: "online" });
    assert.equal(presence.statusOf(2), "online");
    presence.heard({ 2: "offline" });
    mock.timers.tick(4_999);
    assert.equal(presence.statusOf(2), "online");
    mock.timers.tick(1);
    assert.equal(presence.statusOf(2), "offline");
    assert.equal(changes, 2);
  });

  it("never flickers for who comes back in time", () => {
    presence.heard({ 2: "online" });
    presence.heard({ 2: "offline" });
    presence.heard({ 2: "offline" });
    mock.timers.tick(3_000);
    presence.heard({ 2: "away" });
    mock.timers.tick(60_000);
    assert.equal(presence.statusOf(2), "away");
    assert.equal(changes, 2);
  });

  it("knows nobody as offline", () => {
    assert.equal(presence.statusOf(77), "offline");
    assert.equal(presence.mine, "offline");
  });
});

describe("people", () => {
  it("are looked up together, once, and stand in meanwhile", async () => {
    const asked = [];
    const people = new People(async (name, payload) => {
      asked.push([name, payload]);
      return { users: payload.ids.filter((id) => id !== 9).map((id) => user(id, `user-${id}`)) };
    });
    assert.deepEqual([people.get(5).unknown, people.get(6).name], [true, ""]);
    people.get(9);
    mock.timers.tick(25);
    await settle();
    people.get(9);
    mock.timers.tick(25);
    await settle();
    assert.deepEqual(asked, [["user_list", { ids: [5, 6, 9] }]]);
    assert.equal(people.get(5).name, "user-5");
  });

  it("come in batches of a hundred, and again after a failure with the next connection", async () => {
    const asked = [];
    let broken = true;
    const people = new People(async (_name, { ids }) => {
      asked.push(ids.length);
      if (broken) throw new Error("disconnected");
      return { users: ids.map((id) => user(id, "x")) };
    });
    for (let id = 1; id <= 150; id += 1) people.get(id);
    mock.timers.tick(25);
    await settle();
    broken = false;
    people.retry();
    mock.timers.tick(25);
    await settle();
    mock.timers.tick(25);
    await settle();
    assert.deepEqual(asked, [100, 100, 50]);
  });

  it("are newer than the author in an old message", () => {
    const people = new People();
    const author = { id: 3, username: "old", name: "Old" };
    assert.equal(people.author(author).name, "Old");
    people.put(user(3, "new"));
    assert.equal(people.author(author).name, "new");
  });
});
