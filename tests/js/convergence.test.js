/** Every member's view becomes the same, whatever happens to the facts on their way. */
import assert from "node:assert/strict";
import { describe, it, mock } from "node:test";
import { startClient } from "./client-support.js";
import { ANN, BEN, FakeServer, randomFrom, settle, until } from "./support.js";

const ROUNDS = 40;
const STEPS = 60;

/** Loses, doubles, keeps back and shuffles facts, but loses none for which `kept` holds. */
function roughly(random, kept) {
  let back = [];
  return (facts) => {
    if (facts[0][0] === "welcome") {
      back = [];
      return facts;
    }
    if (facts[0][0] === "heads") return [...back.splice(0).flat(), ...facts];
    const chance = random();
    if (chance < 0.1 && !kept(facts[0][0])) return [];
    if (chance < 0.2) return [...facts, ...facts];
    if (chance < 0.35) {
      back.push(facts);
      return [];
    }
    return chance < 0.5 ? [...facts, ...back.splice(0).reverse().flat()] : facts;
  };
}

const some = (random, chance) => [ANN.id, BEN.id].filter(() => random() < chance);

/** One thing that happens to a message, or none where there is none for it. */
function change(server, random, step) {
  const { messages, seq } = server.rooms.get(1);
  // The last ones most of all, as they are unread somewhere.
  const chosen = Math.max(1, seq - Math.floor(random() ** 2 * seq));
  if (messages[chosen - 1].deleted || messages[chosen - 1].kind === "system") return;
  const chance = random();
  if (chance < 0.4) server.edit(1, chosen, `edited ${step}`, { mentions: some(random, 0.4), worded: some(random, 0.3) });
  else if (chance < 0.6) server.delete(1, chosen);
  else if (chance < 0.8) server.react(1, chosen, random() < 0.5 ? ANN : BEN, "👍", random() < 0.7);
  else server.pin(1, chosen, random() < 0.7);
}

/** Something new, from somewhere else. */
function news(server, random, number) {
  const special = {};
  if (random() < 0.3) special.mentions = [ANN.id, BEN.id];
  if (random() < 0.1) special.call = "room";
  special.worded = some(random, 0.3);
  if (random() < 0.3) special.reply_author = random() < 0.5 ? ANN.id : BEN.id;
  if (random() < 0.1) Object.assign(special, { kind: "system", happening: { what: "topic", value: "new" }, mentions: [], worded: [], call: null, reply_author: null });
  server.say(1, random() < 0.5 ? ANN : BEN, `from elsewhere ${number}`, special);
}

/** Somebody reads on, or marks as unread, on one of their devices. */
function read({ client, room }, random) {
  if (random() < 0.6) client.reads.markRead(1);
  else client.reads.markUnread(1, 1 + Math.floor((1 - random() ** 2) * room.head.seq));
}

describe("snapshot and facts", () => {
  for (let seed = 1; seed <= ROUNDS; seed += 1) {
    it(`make the same view as a fresh snapshot, round ${seed}`, async () => {
      mock.timers.reset();
      mock.timers.enable({ apis: ["setTimeout"] });
      const random = randomFrom(seed);
      const server = new FakeServer();
      // In every third round there is more than is counted.
      if (seed % 3 === 0) server.mostUnread = 3;
      server.addRoom(1);
      for (let n = 0; n < 80; n += 1) server.say(1, BEN, `before ${n}`);
      const clients = [await startClient(server, { open: 1 }), await startClient(server, { person: BEN, open: 1 }), await startClient(server, { open: 1 })];
      // A mark that nobody hears of is found by the next connection alone: in every other round all come back at the end.
      const comeBack = seed % 2 === 0;
      for (const { socket } of clients) socket.filter = roughly(random, (name) => name === "read" && !comeBack);
      clients[2].client.close();
      if (random() < 0.5) clients[2].room.closeTimeline();

      let written = 0;
      let elsewhere = 0;
      for (let step = 0; step < STEPS; step += 1) {
        const chosen = clients[Math.floor(random() * clients.length)];
        const chance = random();
        if (chance < 0.25) chosen.client.send(1, `text ${(written += 1)}`);
        else if (chance < 0.4) news(server, random, (elsewhere += 1));
        else if (chance < 0.6) change(server, random, step);
        else if (chance < 0.7) read(chosen, random);
        else if (chance < 0.75) server.changeTopic(1, `topic ${step}`);
        else if (chance < 0.8) chosen.socket.drop();
        else if (chance < 0.85) chosen.room.timeline?.loadBefore();
        else if (chance < 0.95) mock.timers.tick(Math.floor(random() * 2_000));
        await settle(Math.floor(random() * 6));
      }

      // What was kept back comes; then the line is quiet and whole again, and the server tells its heads.
      server.tellHeads(1);
      for (const { socket } of clients) {
        socket.filter = (facts) => facts;
        if (comeBack) socket.drop();
      }
      clients[2].client.open(1);
      const truth = server.rooms.get(1);
      const same = ({ client, room }) =>
        client.connection.connected && client.outbox.entries(1).length === 0 && room.rev === truth.rev && room.timeline.atEnd && !room.timeline.loading && room.counted;
      // Marks go out a little later, and what is not known exactly is asked for later still.
      for (let turn = 0; turn < 3 || (turn < 20 && !clients.every(same)); turn += 1) {
        server.tellHeads(1);
        mock.timers.tick(20_000);
        await settle();
      }
      await until("the same view", () => clients.every(same));
      for (const { client, room } of clients) {
        const shown = room.timeline.messages;
        const called = (message) => server.worded.get(message.id)?.includes(client.me.id) && !message.deleted;
        assert.deepEqual(shown, truth.messages.slice(-shown.length).map((message) => (called(message) ? { ...message, called: true } : message)));
        assert.equal(room.topic, truth.topic);
        const { lastRead, unread, mentions, replies } = room;
        assert.deepEqual({ last_read: lastRead, unread, mentions, replies }, server.counts(truth, client.me.id));
      }
      assert.equal(truth.messages.length, 80 + written + elsewhere);
      assert.equal(new Set(truth.messages.map((message) => message.cid)).size, truth.messages.length);
    });
  }
});
