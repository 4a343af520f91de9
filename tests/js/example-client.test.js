/** examples/node-client/hubbub.js: its view of a room becomes the server's, whatever happens to facts, acks and connections. */
import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { describe, it, mock } from "node:test";
import { Client, Room, newCid } from "../../examples/node-client/hubbub.js";
import { ANN, BEN, FakeServer, FakeSocket, randomFrom, settle, until } from "./support.js";

const ROUNDS = 40;
const STEPS = 60;
const ACK_TIMEOUT = 2_000;
/** Answers come between strides of time, so that none takes longer than its timeout. */
const STRIDE = 1_000;

/** A client of the library, on stand-ins for socket.io-client's sockets. `line` has a hand on all that crosses. */
function start(server, person, options = {}) {
  const line = { filter: (facts) => facts, loseAck: () => false, socket: null, records: [], told: [] };
  const connect = () => {
    const outside = new EventEmitter();
    const inside = (line.socket = new FakeSocket(server, person));
    inside.filter = (facts) => line.filter(facts);
    inside.on("fact", ({ name, payload }) => outside.emit("any", name, payload));
    inside.on("closed", ({ reason }) => outside.emit("disconnect", reason));
    inside.open();
    return {
      on: (event, handler) => outside.on(event, handler),
      onAny: (handler) => outside.on("any", handler),
      disconnect: () => inside.drop("io client disconnect"),
      emit(name, fields, acknowledged) {
        const lost = line.loseAck(name);
        inside.command(name, fields).then(
          (answer) => lost || acknowledged({ ok: true, ...answer }),
          (error) => error.code === "disconnected" || acknowledged({ ok: false, error: { code: error.code, retryable: error.retryable } }),
        );
      },
    };
  };
  const client = new Client("http://test", "token", { keep: Infinity, ackTimeout: ACK_TIMEOUT, ...options, connect, record: (record) => line.records.push(record) });
  client.on("message", (_room, { seq }) => line.told.push(seq));
  client.start();
  return { client, line, server };
}

async function started(...parameters) {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
  const found = start(...parameters);
  await found.client.ready();
  return found;
}

/** Loses, doubles, keeps back and shuffles facts. */
function roughly(random) {
  const back = [];
  return (facts) => {
    if (["welcome", "room_removed"].includes(facts[0][0])) return facts;
    const chance = random();
    if (chance < 0.1) return [];
    if (chance < 0.2) return [...facts, ...facts];
    if (chance < 0.35) {
      back.push(...facts);
      return [];
    }
    return chance < 0.5 ? [...facts, ...back.splice(0).reverse()] : facts;
  };
}

describe("the client library", () => {
  for (let seed = 1; seed <= ROUNDS; seed += 1) {
    it(`sees what the server has, once and in order, round ${seed}`, async () => {
      const random = randomFrom(seed);
      const server = new FakeServer();
      server.addRoom(1);
      const clients = [await started(server, ANN), start(server, BEN)];
      await clients[1].client.ready();
      for (const { line } of clients) Object.assign(line, { filter: roughly(random), loseAck: () => random() < 0.1 });
      const sent = [];
      for (let step = 0; step < STEPS; step += 1) {
        const { client, line } = clients[Math.floor(random() * 2)];
        const truth = server.rooms.get(1);
        const chance = random();
        if (chance < 0.4) sent.push([client, `text ${step}`, client.send(1, `text ${step}`)]);
        else if (chance < 0.55) server.say(1, BEN, `from elsewhere ${step}`);
        else if (chance < 0.7 && truth.seq) server.edit(1, 1 + Math.floor(random() * truth.seq), `edited ${step}`);
        else if (chance < 0.75) server.changeTopic(1, `topic ${step}`);
        else if (chance < 0.8) line.socket.drop();
        else mock.timers.tick(Math.floor(random() * STRIDE));
        await settle(Math.floor(random() * 6));
      }
      for (const { line } of clients) Object.assign(line, { filter: (facts) => facts, loseAck: () => false });
      const truth = server.rooms.get(1);
      const done = () => clients.every(({ client, line }) => client.rooms.get(1).rev === truth.rev && line.told.length === truth.seq)
        && clients.flatMap(({ line }) => line.records).filter(({ kind }) => kind === "settled").length === sent.length;
      for (let turn = 0; turn < 400 && !done(); turn += 1) {
        server.tellHeads(1);
        mock.timers.tick(STRIDE);
        await settle();
      }
      await until("the same view", done);
      for (const { client, line } of clients) {
        assert.deepEqual(client.rooms.get(1).messages, truth.messages);
        assert.equal(client.rooms.get(1).info.topic, truth.topic);
        assert.deepEqual(line.told, truth.messages.map(({ seq }) => seq));
        const mine = sent.filter(([by]) => by === client).map(([, , { cid }]) => cid);
        assert.deepEqual(truth.messages.map(({ cid }) => cid).filter((cid) => mine.includes(cid)), mine);
      }
      const messages = await Promise.all(sent.map(([, , { outcome }]) => outcome));
      assert.equal(new Set(messages.map(({ id }) => id)).size, sent.length);
      for (const { client } of clients) client.close();
    });
  }

  it("repeats a message whose ack was lost, with the same cid", async () => {
    const server = new FakeServer();
    server.addRoom(1);
    const { client, line } = await started(server, ANN);
    let lost = 1;
    line.loseAck = (name) => name === "message_send" && lost-- > 0;
    const { cid, outcome } = client.send(1, "Hello");
    await settle();
    mock.timers.tick(ACK_TIMEOUT);
    await settle();
    mock.timers.tick(5_000);
    assert.equal((await outcome).cid, cid);
    assert.equal(server.rooms.get(1).messages.length, 1);
    assert.equal(line.records.find(({ kind }) => kind === "settled").outcome, "duplicate");
    assert.deepEqual(line.told, [1]);
  });

  it("finds a lost last fact by the heads", async () => {
    const server = new FakeServer();
    server.addRoom(1);
    const { line } = await started(server, ANN);
    line.filter = () => [];
    server.say(1, BEN, "Hello");
    line.filter = (facts) => facts;
    server.tellHeads(1);
    await until("the message", () => line.told.length === 1);
  });

  it("waits 300 ms for what is missing, and reads it then", async () => {
    const server = new FakeServer();
    server.addRoom(1);
    const { line } = await started(server, ANN);
    line.filter = () => [];
    server.say(1, BEN, "one");
    line.filter = (facts) => facts;
    server.say(1, BEN, "two");
    mock.timers.tick(299);
    await settle();
    assert.equal(line.socket.count("room_sync"), 0);
    mock.timers.tick(1);
    await until("both", () => line.told.length === 2);
    assert.equal(line.socket.count("room_sync"), 1);
  });

  it("reads everything anew in another epoch", async () => {
    const server = new FakeServer();
    server.addRoom(1);
    for (let n = 0; n < 250; n += 1) server.say(1, BEN, `old ${n}`);
    const { client, line } = await started(server, ANN, { backlog: true });
    await until("the history", () => line.told.length === 250);
    server.epoch = "e2";
    Object.assign(server.rooms.get(1), { messages: server.rooms.get(1).messages.slice(0, 120), seq: 120, rev: 120 });
    let reset = 0;
    client.on("reset", () => (reset += 1));
    line.socket.drop();
    mock.timers.tick(5_000);
    await until("the history of the other epoch", () => reset === 1);
    assert.deepEqual(client.rooms.get(1).messages, server.rooms.get(1).messages);
    server.say(1, BEN, "new");
    assert.equal(line.told.at(-1), 121);
    assert.equal(line.told.length, 251);
  });

  it("keeps and tells nothing of a room that it is out of", async () => {
    const server = new FakeServer();
    server.addRoom(1);
    const { client, line } = await started(server, ANN);
    server.say(1, BEN, "one");
    line.socket.hear("room_removed", { room: 1, reason: "removed" });
    server.say(1, BEN, "two");
    server.tellHeads(1);
    await settle();
    assert.equal(client.rooms.size, 0);
    assert.deepEqual(line.told, [1]);
  });

  it("goes on from facts that came while an older page was on its way", () => {
    const message = (seq, rev) => ({ id: seq, room: 1, seq, rev, deleted: false, author: ANN });
    const room = new Room({ id: 1, name: "one", head: { seq: 0, rev: 0 } });
    for (const [seq, rev] of [[1, 1], [2, 2], [1, 3]]) room.offer(rev, { message: message(seq, rev) });
    room.offer(5, { message: message(3, 5) });
    assert.deepEqual(room.synced([message(1, 1)], { seq: 1, rev: 1 }), []);
    assert.equal(room.rev, 3);
    assert.deepEqual(room.synced([message(2, 4)], { seq: 2, rev: 4 }).map(({ rev }) => rev), [4, 5]);
    assert.deepEqual(room.messages.map(({ seq, rev }) => [seq, rev]), [[1, 3], [2, 4], [3, 5]]);
    assert.equal(room.gap, false);
  });

  it("keeps no more messages than it was told to", async () => {
    const server = new FakeServer();
    server.addRoom(1);
    const { client } = await started(server, ANN, { keep: 3 });
    for (let n = 0; n < 10; n += 1) server.say(1, BEN, `text ${n}`);
    assert.deepEqual(client.rooms.get(1).messages.map(({ seq }) => seq), [8, 9, 10]);
  });

  it("ends with the session, and fails what was not sent", async () => {
    const server = new FakeServer();
    server.addRoom(1);
    const { client, line } = await started(server, ANN);
    line.socket.reachable = false;
    line.loseAck = () => true;
    const { outcome } = client.send(1, "Hello");
    line.socket.hear("session_ended", { reason: "signed_out" });
    await assert.rejects(outcome, { code: "session_ended" });
    await assert.rejects(client.call("time"), { code: "session_ended" });
    await assert.rejects(client.ready(), { code: "session_ended" });
  });

  it("makes client ids that begin with the time", () => {
    const cids = Array.from({ length: 100 }, (_, n) => newCid(1_700_000_000_000 + n));
    assert.deepEqual(cids.toSorted(), cids);
    for (const cid of cids) assert.match(cid, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});
