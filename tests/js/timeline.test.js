import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { Timeline } from "../../static/js/models/timeline.js";
import { CommandError } from "../../static/js/socket.js";
import { ANN, BEN, FakeServer, settle } from "./support.js";

describe("a timeline", () => {
  let server, room, timeline, kinds, answer;
  const seqs = () => timeline.messages.map((message) => message.seq);
  const range = (from, to) => Array.from({ length: to - from + 1 }, (_, i) => from + i);
  const say = (count) => Array.from({ length: count }, () => server.say(1, BEN, `text ${room.seq + 1}`));

  beforeEach(() => {
    server = new FakeServer();
    room = server.addRoom(1);
    answer = (name, payload) => server.commands[name](ANN, payload);
    timeline = new Timeline(1, async (name, payload) => structuredClone(await answer(name, payload)));
    kinds = [];
    timeline.on("change", ({ kind }) => kinds.push(kind));
  });

  /** Keep the next answer back; it was made when the request came. */
  function keepBack() {
    const normal = answer;
    let deliver;
    answer = (name, payload) => {
      const made = structuredClone(normal(name, payload));
      answer = normal;
      return new Promise((resolve) => (deliver = () => resolve(made)));
    };
    return () => deliver();
  }

  it("reads the newest page, then goes back page by page to the beginning", async () => {
    say(120);
    await timeline.loadNewest();
    assert.deepEqual(seqs(), range(71, 120));
    assert.deepEqual([timeline.moreBefore, timeline.moreAfter, timeline.atEnd], [true, false, true]);
    await timeline.loadBefore();
    await timeline.loadBefore();
    assert.deepEqual(seqs(), range(1, 120));
    assert.equal(timeline.moreBefore, false);
    await timeline.loadBefore();
    assert.deepEqual(kinds.filter((kind) => kind !== "update"), ["replace", "prepend", "prepend"]);
  });

  it("reads a page once, however often it is asked for", async () => {
    say(200);
    await timeline.loadNewest();
    await Promise.all([timeline.loadBefore(), timeline.loadBefore(), timeline.loadBefore()]);
    assert.equal(seqs().length, 100);
  });

  it("jumps, goes on from there, and comes back to the present", async () => {
    say(300);
    await timeline.loadNewest();
    await timeline.jumpTo(100);
    assert.ok(timeline.get(100));
    assert.deepEqual([timeline.moreBefore, timeline.atEnd], [true, false]);
    const last = seqs().at(-1);
    await timeline.loadAfter();
    assert.deepEqual(seqs(), range(seqs()[0], last + 50));
    await timeline.loadNewest();
    assert.deepEqual(seqs(), range(251, 300));
  });

  it("comes back to the present while a jump is still on its way", async () => {
    say(200);
    await timeline.loadNewest();
    const deliver = keepBack();
    const jumping = timeline.jumpTo(20);
    await timeline.loadNewest();
    deliver();
    await jumping;
    assert.deepEqual(seqs(), range(151, 200));
    assert.deepEqual([timeline.atEnd, timeline.loading], [true, null]);
  });

  it("does not read again what a jump finds loaded", async () => {
    say(40);
    await timeline.loadNewest();
    const before = timeline.messages;
    await timeline.jumpTo(3);
    assert.equal(timeline.messages, before);
  });

  it("appends and changes as the room lets through, making new objects", async () => {
    say(3);
    await timeline.loadNewest();
    const [first, second] = timeline.messages;
    timeline.apply(say(1));
    timeline.apply([server.edit(1, 2, "better")]);
    assert.deepEqual(seqs(), range(1, 4));
    assert.equal(timeline.get(1), first);
    assert.notEqual(timeline.get(2), second);
    assert.equal(timeline.get(2).text, "better");
    assert.deepEqual(kinds.slice(-2), ["append", "update"]);
  });

  it("keeps the newer of two states, whichever comes last", async () => {
    const [old] = say(1);
    const edited = server.edit(1, 1, "new");
    await timeline.loadNewest();
    timeline.apply([old]);
    assert.equal(timeline.get(1).text, "new");
    timeline.apply([edited]);
    assert.equal(kinds.at(-1), "replace");
  });

  it("joins what came while its page was on the way", async () => {
    say(5);
    const deliver = keepBack();
    const loading = timeline.loadNewest();
    await settle(2);
    timeline.apply(say(2));
    timeline.apply([server.edit(1, 3, "changed meanwhile")]);
    deliver();
    await loading;
    assert.deepEqual(seqs(), range(1, 7));
    assert.equal(timeline.get(3).text, "changed meanwhile");
    assert.equal(timeline.atEnd, true);
  });

  it("does not take back a change that a page of older messages was read before", async () => {
    say(120);
    await timeline.loadNewest();
    const deliver = keepBack();
    const loading = timeline.loadBefore();
    await settle(2);
    timeline.apply([server.edit(1, 50, "changed meanwhile")]);
    deliver();
    await loading;
    assert.equal(timeline.get(50).text, "changed meanwhile");
  });

  it("does not take back what was said while a jump was on the way", async () => {
    say(300);
    await timeline.loadNewest();
    const deliver = keepBack();
    const loading = timeline.jumpTo(240);
    await settle(2);
    timeline.apply([server.edit(1, 255, "changed meanwhile")]);
    deliver();
    await loading;
    assert.equal(timeline.get(255).text, "changed meanwhile");
  });

  it("ignores a page that was overtaken by another wish", async () => {
    say(300);
    const deliver = keepBack();
    const slow = timeline.loadNewest();
    await timeline.jumpTo(20);
    deliver();
    await slow;
    assert.ok(timeline.get(20));
    assert.equal(timeline.loading, null);
  });

  it("leaves messages out that come while it shows the past, and knows of them", async () => {
    say(300);
    await timeline.loadNewest();
    await timeline.jumpTo(100);
    const last = seqs().at(-1);
    timeline.apply(say(3));
    assert.equal(seqs().at(-1), last);
    assert.equal(timeline.moreAfter, true);
    while (timeline.moreAfter) await timeline.loadAfter();
    assert.equal(seqs().at(-1), 303);
    assert.deepEqual(seqs(), range(seqs()[0], 303));
  });

  it("takes an empty room and its first message", async () => {
    await timeline.loadNewest();
    assert.deepEqual([timeline.loaded, timeline.atEnd, timeline.moreBefore], [true, true, false]);
    timeline.apply(say(1));
    assert.deepEqual(seqs(), [1]);
  });

  it("says what failed, and does it again", async () => {
    say(60);
    await timeline.loadNewest();
    const normal = answer;
    answer = () => Promise.reject(new CommandError({ code: "unavailable", retryable: true }));
    await timeline.loadBefore();
    assert.equal(timeline.error.code, "unavailable");
    assert.equal(timeline.loading, null);
    answer = normal;
    await timeline.retry();
    assert.equal(timeline.error, null);
    assert.deepEqual(seqs(), range(1, 60));
  });

  it("gives memory back, but not its end", async () => {
    say(400);
    await timeline.loadNewest();
    while (timeline.moreBefore) await timeline.loadBefore();
    timeline.shorten(200);
    assert.deepEqual(seqs(), range(1, 400));
    timeline.shorten(150);
    assert.deepEqual([seqs(), timeline.moreBefore], [range(251, 400), true]);
    assert.deepEqual([timeline.after(398).map(({ seq }) => seq), timeline.after(400), timeline.after(7).length], [[399, 400], [], 150]);
    while (timeline.moreBefore) await timeline.loadBefore();
    timeline.trim();
    assert.deepEqual(seqs(), range(301, 400));
    assert.equal(timeline.moreBefore, true);
    await timeline.jumpTo(5);
    timeline.trim();
    assert.equal(timeline.loaded, false);
  });
});
