/** Every member's view becomes the same, whatever happens to the facts on their way. */
import assert from "node:assert/strict";
import { describe, it, mock } from "node:test";
import { startClient } from "./client-support.js";
import { ANN, BEN, FakeServer, settle, until } from "./support.js";

const ROUNDS = 40;
const STEPS = 60;

/** A small seeded generator (mulberry32), so that a failing round can be run again by its number. */
function randomFrom(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Loses, doubles, keeps back and shuffles facts. */
function roughly(random) {
  let back = [];
  return (facts) => {
    if (facts[0][0] === "welcome") {
      back = [];
      return facts;
    }
    if (facts[0][0] === "heads") return [...back.splice(0), ...facts];
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

describe("snapshot and facts", () => {
  for (let seed = 1; seed <= ROUNDS; seed += 1) {
    it(`make the same view as a fresh snapshot, round ${seed}`, async () => {
      mock.timers.reset();
      mock.timers.enable({ apis: ["setTimeout"] });
      const random = randomFrom(seed);
      const server = new FakeServer();
      server.addRoom(1);
      for (let n = 0; n < 80; n += 1) server.say(1, BEN, `before ${n}`);
      const clients = [await startClient(server, { open: 1 }), await startClient(server, { person: BEN, open: 1 })];
      for (const { socket } of clients) socket.filter = roughly(random);

      let written = 0;
      let elsewhere = 0;
      for (let step = 0; step < STEPS; step += 1) {
        const chosen = clients[Math.floor(random() * 2)];
        const chance = random();
        if (chance < 0.35) chosen.client.send(1, `text ${(written += 1)}`);
        else if (chance < 0.5) server.say(1, random() < 0.5 ? ANN : BEN, `from elsewhere ${(elsewhere += 1)}`);
        else if (chance < 0.65) server.edit(1, 1 + Math.floor(random() * server.rooms.get(1).seq), `edited ${step}`);
        else if (chance < 0.7) server.changeTopic(1, `topic ${step}`);
        else if (chance < 0.75) chosen.socket.drop();
        else if (chance < 0.8) chosen.room.timeline.loadBefore();
        else if (chance < 0.9) mock.timers.tick(Math.floor(random() * 2_000));
        await settle(Math.floor(random() * 6));
      }

      // The line is quiet and whole again; the server tells its heads.
      for (const { socket } of clients) socket.filter = (facts) => facts;
      const truth = server.rooms.get(1);
      const same = ({ client, room }) =>
        client.outbox.entries(1).length === 0 && room.rev === truth.rev && room.timeline.atEnd && !room.timeline.loading;
      for (let turn = 0; turn < 20 && !clients.every(same); turn += 1) {
        server.tellHeads(1);
        mock.timers.tick(20_000);
        await settle();
      }
      await until("the same view", () => clients.every(same));
      for (const { room } of clients) {
        const shown = room.timeline.messages;
        assert.deepEqual(shown, truth.messages.slice(-shown.length));
        assert.equal(room.topic, truth.topic);
      }
      assert.equal(truth.messages.length, 80 + written + elsewhere);
      assert.equal(new Set(truth.messages.map((message) => message.cid)).size, truth.messages.length);
      for (const { client, room } of clients) {
        const foreign = truth.messages.filter((message) => message.author.id !== client.me.id).length;
        assert.equal(room.unread, foreign);
      }
    });
  }
});
