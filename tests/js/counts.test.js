/** What is unread, between what the server tells and what happens meanwhile. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Counts, calls } from "../../static/js/models/counts.js";
import { ANN, BEN, FakeServer } from "./support.js";

const told = (lastRead, unread, mentions = 0) => ({ last_read: lastRead, unread, mentions });
const shown = ({ lastRead, unread, mentions }) => [lastRead, unread, mentions];

function begin(first = told(0, 0), rev = 0, most = 1_000) {
  let asked = 0;
  const counts = new Counts(first, rev, { me: () => ANN.id, most: () => most, onUnsure: () => (asked += 1) });
  return { counts, asked: () => asked };
}

/** Messages of Ben's as a room would hear of them. */
function saying() {
  const server = new FakeServer();
  server.addRoom(1);
  return server;
}

describe("counts", () => {
  it("count what others say, but not what the room tells or what is deleted", () => {
    const { counts } = begin();
    const server = saying();
    const messages = [
      server.say(1, BEN, "a"), server.say(1, ANN, "mine"), server.say(1, BEN, "for me", { mentions: [ANN.id] }),
      server.say(1, BEN, "for all", { call: "room" }), server.say(1, BEN, "", { kind: "system" }),
    ];
    for (const message of messages) counts.changed(message.rev, message, null);
    assert.deepEqual(shown(counts), [0, 3, 2]);
    const edited = server.edit(1, 1, "a", { mentions: [ANN.id] });
    counts.changed(edited.rev, edited, messages[0]);
    assert.deepEqual(shown(counts), [0, 3, 3]);
    const gone = server.delete(1, 3);
    counts.changed(gone.rev, gone, messages[2]);
    assert.deepEqual(shown(counts), [0, 2, 2]);
  });

  it("put what came since on top of what the server says of an earlier rev", () => {
    const { counts, asked } = begin();
    const server = saying();
    for (let n = 0; n < 4; n += 1) {
      const message = server.say(1, BEN, `${n}`);
      counts.changed(message.rev, message, null);
    }
    counts.heard(told(1, 1), 2);
    assert.deepEqual(shown(counts), [1, 3, 0]);
    counts.heard(told(0, 1), 1);
    assert.deepEqual(shown(counts), [1, 3, 0], "stale");
    assert.equal(asked(), 0);
  });

  it("count nothing twice that the server has counted already", () => {
    const { counts } = begin();
    const server = saying();
    counts.heard(told(0, 2), 2);
    for (const text of ["a", "b", "c"]) {
      const message = server.say(1, BEN, text);
      counts.changed(message.rev, message, null);
    }
    assert.deepEqual(shown(counts), [0, 3, 0]);
  });

  it("ask where a change can't be known, and only there", () => {
    const { counts, asked } = begin(told(0, 3, 1), 3);
    const server = saying();
    for (const text of ["a", "b", "c"]) server.say(1, BEN, text, { mentions: text === "a" ? [ANN.id] : [] });
    const reacted = server.react(1, 2, BEN, "👍");
    counts.changed(reacted.rev, reacted, undefined);
    assert.deepEqual([shown(counts), asked()], [[0, 3, 1], 0]);
    const edited = server.edit(1, 2, "b, of somebody");
    counts.changed(edited.rev, edited, undefined);
    assert.deepEqual([counts.sure, asked()], [false, 1]);
    counts.heard(server.counts(server.rooms.get(1), ANN.id), server.rooms.get(1).rev);
    assert.deepEqual([shown(counts), counts.sure], [[0, 3, 1], true]);
    const gone = server.delete(1, 3);
    counts.changed(gone.rev, gone, undefined);
    assert.deepEqual([counts.unread, asked()], [2, 2]);
  });

  it("know without asking where nothing called me", () => {
    const { counts, asked } = begin(told(0, 2, 0), 2);
    const server = saying();
    for (const text of ["a", "b"]) server.say(1, BEN, text);
    for (const change of [server.delete(1, 2), server.edit(1, 1, "a!", { mentions: [ANN.id] })]) counts.changed(change.rev, change, undefined);
    assert.deepEqual([shown(counts), asked()], [[0, 1, 1], 0]);
  });

  it("know what answers me but does not call me, and ask where that can't be known", () => {
    const { counts, asked } = begin();
    const server = saying();
    const [, both, other] = [{}, { mentions: [ANN.id] }, { mentions: [BEN.id] }].map((special) => {
      const message = server.say(1, BEN, "an answer", { reply_author: ANN.id, ...special });
      counts.changed(message.rev, message, null);
      return message;
    });
    assert.deepEqual([...shown(counts), counts.replies], [0, 3, 1, 2]);
    const uncalled = server.edit(1, 2, "not you");
    counts.changed(uncalled.rev, uncalled, both);
    assert.deepEqual([...shown(counts), counts.replies, asked()], [0, 3, 0, 3, 0]);
    const gone = server.delete(1, 3);
    counts.changed(gone.rev, gone, other);
    assert.deepEqual([...shown(counts), counts.replies, asked()], [0, 2, 0, 2, 0]);
    const unseen = server.delete(1, 1);
    counts.changed(unseen.rev, unseen, undefined);
    assert.deepEqual([counts.unread, asked()], [1, 1]);
    counts.mark(3, { head: 3, applied: unseen.rev, messages: [] });
    assert.equal(counts.replies, 0);
  });

  it("ask whom an edited or deleted @here called", () => {
    const { counts, asked } = begin();
    const server = saying();
    const message = server.say(1, BEN, "@here", { call: "here" });
    counts.changed(message.rev, message, null);
    assert.deepEqual([counts.mentions, asked()], [1, 0]);
    const gone = server.delete(1, 1);
    counts.changed(gone.rev, gone, message);
    assert.deepEqual([counts.unread, asked()], [0, 1]);
  });

  it("hold a mark of mine against what is told before the server has it", () => {
    const { counts } = begin(told(0, 5, 1), 5);
    const mark = counts.mark(5, { head: 5, applied: 5, messages: [] });
    counts.heard(told(0, 6, 1), 6);
    assert.equal(counts.lastRead, 5);
    counts.heard(told(5, 1), 6);
    counts.settled(mark);
    assert.deepEqual([shown(counts), counts.sure], [[5, 1, 0], false]);
    counts.heard(told(5, 1), 6);
    assert.ok(counts.sure);
    assert.equal(counts.mark(5, { head: 6, applied: 6, messages: null }), null);
  });

  it("ask again after a mark that was refused, and where two marks have the same rev", () => {
    const { counts, asked } = begin(told(0, 5), 5);
    counts.settled(counts.mark(5, { head: 5, applied: 5, messages: null }), false);
    assert.equal(asked(), 1);
    counts.heard(told(3, 2), 5);
    assert.deepEqual([shown(counts), asked()], [[3, 2, 0], 2]);
    counts.heard(told(3, 2), 5);
    assert.ok(counts.sure);
  });

  it("stop where the server stops, and ask what is left when something goes from there", () => {
    const { counts, asked } = begin(told(0, 2, 2), 2, 3);
    const server = saying();
    const [, , third, fourth] = ["a", "b", "c", "d"].map((text) => server.say(1, BEN, text, { mentions: [ANN.id] }));
    for (const message of [third, fourth]) counts.changed(message.rev, message, null);
    assert.deepEqual([shown(counts), counts.sure, asked()], [[0, 3, 3], true, 0]);
    const edited = server.edit(1, 3, "nobody");
    counts.changed(edited.rev, edited, third);
    assert.deepEqual([shown(counts), counts.sure, asked()], [[0, 3, 3], false, 1]);
    counts.heard(told(0, 3, 3), 5);
    const gone = server.delete(1, 3);
    counts.changed(gone.rev, gone, edited);
    assert.deepEqual([shown(counts), counts.sure, asked()], [[0, 3, 3], false, 2]);
    counts.mark(1, { head: 4, applied: 6, messages: ["b", "c", "d", "e"].map((text) => server.say(1, BEN, text)) });
    assert.deepEqual([shown(counts), counts.sure], [[1, 3, 0], true]);
  });

  it("ask where more has happened than is remembered", () => {
    const { counts, asked } = begin();
    const server = saying();
    for (let n = 0; n < 400; n += 1) {
      const message = server.say(1, BEN, "x");
      counts.changed(message.rev, message, null);
    }
    assert.equal(counts.unread, 400);
    counts.heard(told(0, 10), 10);
    assert.deepEqual([counts.unread, asked()], [400, 1]);
  });
});

it("a message calls me by name or with everybody", () => {
  assert.ok(calls({ mentions: [1], call: null }, 1));
  assert.ok(calls({ mentions: [], call: "room" }, 1));
  assert.ok(!calls({ mentions: [2], call: null }, 1));
});
