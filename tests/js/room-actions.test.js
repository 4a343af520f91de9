import assert from "node:assert/strict";
import { beforeEach, describe, it, mock } from "node:test";
import { setMessages } from "../../static/js/lib/i18n.js";
import en from "../../static/js/locales/en.js";
import { CommandError } from "../../static/js/socket.js";
import { startClient } from "./client-support.js";
import { ANN, BEN, FakeServer, settle, user } from "./support.js";

const CY = user(3, "cy");
const DEE = user(4, "dee");
let server;

beforeEach(() => {
  setMessages("en", en);
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
  server = new FakeServer();
  for (const person of [CY, DEE]) server.users.set(person.id, person);
  server.addRoom(1);
});

const direct = (id, users, more = {}) => server.addRoom(id, users, { kind: "direct", name: "", users, ...more });
const titles = (rooms) => rooms.map((room) => room.title);
const shown = ({ groups }) => Object.fromEntries(groups.map(({ key, rooms }) => [key, titles(rooms)]));

describe("what one can do with rooms", () => {
  it("asks with the fields of the contract, and for no more", async () => {
    const { client, socket } = await startClient(server);
    const ok = () => ({});
    for (const name of ["room_update", "room_role", "room_invite", "room_remove", "room_star", "involvement_set"]) socket.instead[name] = ok;
    socket.instead.room_link = () => ({ url: "https://x/invite/y", expires_at: "2026-03-03T10:00:00.000Z" });
    const found = ["b", "10", "9", "É"].map((name) => ({ name }));
    let next = {};
    socket.instead.room_list = () => ({ rooms: [...found], ...next });
    const actions = client.roomActions;
    await actions.update(1, { topic: "New", slow_mode: 30 });
    await actions.setRole(1, 2, "moderator");
    await actions.invite(1, [2, 3]);
    await actions.removeMember(1, 2);
    await actions.star(1, true);
    await actions.setInvolvement(1, "mentions");
    assert.equal((await actions.makeLink(1, { days: 7, uses: 25 })).url, "https://x/invite/y");
    const whole = await actions.list({ query: "a", archived: true });
    assert.deepEqual([whole.rooms.map((room) => room.name), whole.next], [["9", "10", "b", "É"], null]);
    next = { next: "12" };
    assert.deepEqual(await actions.list({ after: "9" }), { rooms: found, next: "12" }, "a page stays in the server's order");
    assert.deepEqual(socket.sent.slice(-9), [
      ["room_update", { room: 1, topic: "New", slow_mode: 30 }],
      ["room_role", { room: 1, user: 2, role: "moderator" }],
      ["room_invite", { room: 1, users: [2, 3] }],
      ["room_remove", { room: 1, user: 2 }],
      ["room_star", { room: 1, on: true }],
      ["involvement_set", { room: 1, level: "mentions" }],
      ["room_link", { room: 1, days: 7, uses: 25 }],
      ["room_list", { query: "a", limit: 100, archived: true }],
      ["room_list", { query: "", limit: 100, after: "9" }],
    ]);
  });

  it("shows what is mine once the server has said yes, and not before", async () => {
    const { client, socket } = await startClient(server);
    const room = client.rooms.get(1);
    let answer;
    socket.instead.room_star = () => new Promise((resolve) => { answer = resolve; });
    const starring = client.roomActions.star(1, true);
    await settle();
    assert.equal(room.starred, false);
    answer({});
    await starring;
    assert.equal(room.starred, true);
    socket.instead.involvement_set = () => Promise.reject(new CommandError({ code: "rate_limited", retryable: true }));
    await assert.rejects(client.roomActions.setInvolvement(1, "nothing"), { code: "rate_limited" });
    assert.equal(room.involvement, "everything");
  });

  it("hears what I did on another device", async () => {
    const { client, socket } = await startClient(server);
    const room = client.rooms.get(1);
    let counted = 0;
    client.rooms.on("counts", () => { counted += 1; });
    socket.hear("room_own", { room: 1, involvement: "nothing", starred: true });
    socket.hear("room_own", { room: 77, involvement: "nothing", starred: true });
    assert.deepEqual([room.muted, room.starred, counted], [true, true, 1]);
    assert.deepEqual([room.toWire().involvement, room.toWire().starred], ["nothing", true]);
  });

  it("does not take an ack for the fact, which has messages before it", async () => {
    const { client, socket, room } = await startClient(server, { open: 1 });
    socket.instead.room_update = () => ({ room: { ...server.view(server.rooms.get(1), ANN.id), name: "renamed", head: { seq: 1, rev: 2 } } });
    await client.roomActions.update(1, { name: "renamed" });
    assert.deepEqual([room.name, room.rev], ["room-1", 0]);
    server.say(1, BEN, "first");
    assert.equal(room.rev, 1);
  });
});

describe("the sidebar's groups", () => {
  it("are what I starred, rooms, and conversations; a star moves a room at once", async () => {
    direct(5, [ANN.id, BEN.id], { seq: 1 });
    server.addRoom(2);
    const { client, socket } = await startClient(server);
    assert.deepEqual(shown(client.rooms), { starred: [], named: ["room-1", "room-2"], directs: ["ben"] });
    let changes = 0;
    client.rooms.on("change", () => { changes += 1; });
    socket.hear("room_own", { room: 5, involvement: "everything", starred: true });
    socket.hear("room_own", { room: 2, involvement: "everything", starred: true });
    assert.equal(changes, 2);
    assert.deepEqual(shown(client.rooms), { starred: ["ben", "room-2"], named: ["room-1"], directs: [] });
  });

  it("say the order in which the keyboard goes through the rooms", async () => {
    direct(5, [ANN.id, BEN.id], { seq: 1 });
    server.addRoom(2);
    server.addRoom(3);
    const { client, socket } = await startClient(server);
    socket.hear("room_own", { room: 3, involvement: "everything", starred: true });
    const way = (from, step) => client.rooms.next(from, step).id;
    assert.deepEqual([way(3, 1), way(1, 1), way(2, 1), way(5, 1)], [1, 2, 5, 3]);
    assert.deepEqual([way(3, -1), way(5, -1), way(null, 1), way(null, -1)], [5, 2, 3, 5]);
  });

  it("leave out conversations in which nothing was said, until something is", async () => {
    direct(5, [ANN.id, BEN.id]);
    const { client } = await startClient(server);
    assert.deepEqual(shown(client.rooms).directs, []);
    assert.equal(client.rooms.next(1, 1), null);
    server.say(5, BEN, "hello");
    assert.deepEqual(shown(client.rooms).directs, ["ben"]);
  });

  it("have a conversation that I opened, or began to write in", async () => {
    direct(5, [ANN.id, BEN.id]);
    direct(6, [ANN.id, CY.id]);
    direct(7, [ANN.id, DEE.id]);
    const { client, socket } = await startClient(server);
    socket.instead.direct_open = (_me, { users }) => ({ room: { ...server.view(server.rooms.get(5), ANN.id), users: [ANN.id, ...users] } });
    const room = await client.roomActions.openDirect([BEN.id]);
    assert.deepEqual([room.id, shown(client.rooms).directs], [5, ["ben"]]);
    client.open(6);
    client.drafts.set(7, "Dear Dee");
    assert.deepEqual(shown(client.rooms).directs, ["ben", "cy", "dee"]);
    client.drafts.clear(7);
    client.close();
    assert.deepEqual(shown(client.rooms).directs, ["ben", "cy"]);
  });

  it("title a conversation by the others in it, and notes by me", async () => {
    direct(5, [ANN.id, DEE.id, CY.id], { seq: 1 });
    direct(6, [ANN.id], { seq: 1 });
    const { client } = await startClient(server);
    assert.deepEqual(shown(client.rooms).directs, ["ann", "dee, cy"]);
    assert.deepEqual([client.rooms.get(5).others, client.rooms.get(6).others], [[4, 3], []]);
  });
});
