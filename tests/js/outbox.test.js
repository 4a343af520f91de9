import "fake-indexeddb/auto";
import assert from "node:assert/strict";
import { beforeEach, describe, it, mock } from "node:test";
import { Database } from "../../static/js/models/database.js";
import { Outbox } from "../../static/js/models/outbox.js";
import { CommandError } from "../../static/js/socket.js";
import { FakeLocks, settle, until } from "./support.js";

let number = 0;

describe("the outbox", () => {
  let name, server, open;
  const lost = () => new CommandError({ code: "disconnected", retryable: true });
  const no = (code, more = {}) => new CommandError({ code, message: `no: ${code}`, ...more });

  beforeEach(() => {
    mock.timers.reset();
    name = `outbox-${(number += 1)}`;
    open = true;
    // What the server has kept, in order, and what it says to each message; "yes" unless a test says otherwise.
    server = { kept: [], calls: [], flying: 0, mostFlying: 0, answer: async () => {} };
  });

  function start({ locks, channel = null, onMessage } = {}) {
    const send = async (payload) => {
      if (!open) throw lost();
      server.calls.push(payload.text);
      server.flying += 1;
      server.mostFlying = Math.max(server.mostFlying, server.flying);
      try {
        await server.answer(payload);
        const again = server.kept.find((message) => message.cid === payload.cid);
        if (!again) server.kept.push(payload);
        return { message: { ...payload, seq: server.kept.length, rev: server.kept.length } };
      } finally {
        server.flying -= 1;
      }
    };
    const outbox = new Outbox({
      database: new Database({ user: name }), user: name, send, isOpen: () => open, locks, channel, random: () => 1,
      onMessage: onMessage ?? ((message) => outbox.seen([message])),
    });
    return outbox;
  }

  const kept = () => server.kept.map((message) => message.text);
  const states = (outbox, room = 1) => outbox.entries(room).map((entry) => entry.state);
  const stored = async () => (await new Database({ user: name }).all("outbox")).map((entry) => entry.text).sort();
  const empty = (outbox) => until("an empty outbox", () => outbox.entries(1).length === 0);

  it("shows a message at once and sends it", async () => {
    const outbox = start();
    outbox.add({ room: 1, text: "hello" });
    assert.deepEqual(states(outbox), ["queued"]);
    await empty(outbox);
    assert.deepEqual(kept(), ["hello"]);
    await settle();
    assert.deepEqual(await stored(), []);
  });

  it("keeps a message in the browser before it sends it", async () => {
    const outbox = start();
    let found = null;
    server.answer = async () => (found ??= await stored());
    outbox.add({ room: 1, text: "hello" });
    await empty(outbox);
    assert.deepEqual(found, ["hello"]);
  });

  it("has one message of a room in flight, in order, and rooms beside each other", async () => {
    const outbox = start();
    for (const text of ["a", "b", "c"]) outbox.add({ room: 1, text });
    await empty(outbox);
    assert.deepEqual(kept(), ["a", "b", "c"]);
    assert.equal(server.mostFlying, 1);
    let release;
    server.answer = ({ room }) => (room === 1 ? new Promise((resolve) => (release = resolve)) : undefined);
    outbox.add({ room: 1, text: "slow" });
    outbox.add({ room: 2, text: "other room" });
    await until("the other room", () => kept().includes("other room"));
    release();
    await empty(outbox);
  });

  it("waits for a connection and survives a reload, with its order", async () => {
    open = false;
    const before = start();
    for (const text of ["a", "b", "c"]) before.add({ room: 1, text });
    await settle();
    assert.deepEqual(server.calls, []);
    const after = start();
    await after.load();
    assert.deepEqual(after.entries(1).map((entry) => entry.text), ["a", "b", "c"]);
    open = true;
    after.wake();
    await empty(after);
    assert.deepEqual(kept(), ["a", "b", "c"]);
  });

  it("sends the same message again when its ack was lost, and has it once", async () => {
    const outbox = start();
    server.answer = async (payload) => {
      server.kept.push(payload);
      open = false;
      throw lost();
    };
    outbox.add({ room: 1, text: "hello" });
    await until("the loss", () => !open && states(outbox)[0] === "queued");
    server.answer = async () => {};
    const reloaded = start();
    open = true;
    await reloaded.load();
    await empty(reloaded);
    assert.deepEqual(kept(), ["hello"]);
    assert.deepEqual(server.calls, ["hello", "hello"]);
  });

  it("takes the fact of a message for its ack", async () => {
    const outbox = start();
    let fail;
    server.answer = () => new Promise((_, reject) => (fail = reject));
    const cid = outbox.add({ room: 1, text: "hello" });
    await until("the send", () => fail);
    outbox.seen([{ cid }]);
    assert.deepEqual(states(outbox), []);
    fail(no("timeout"));
    await settle();
    assert.deepEqual(states(outbox), []);
    assert.equal(server.calls.length, 1);
    assert.deepEqual(await stored(), []);
  });

  it("waits as long as the server asks, then sends the same again before the next", async () => {
    mock.timers.enable({ apis: ["setTimeout", "Date"] });
    const outbox = start();
    let refusals = 1;
    server.answer = async () => {
      if (refusals-- > 0) throw no("rate_limited", { retry_after: 7, retryable: true });
    };
    outbox.add({ room: 1, text: "a" });
    outbox.add({ room: 1, text: "b" });
    await until("waiting", () => states(outbox)[0] === "waiting");
    assert.deepEqual(states(outbox), ["waiting", "queued"]);
    assert.equal(outbox.entries(1)[0].retryAt, Date.now() + 7_000);
    mock.timers.tick(6_999);
    await settle();
    assert.equal(server.calls.length, 1);
    mock.timers.tick(1);
    await empty(outbox);
    assert.deepEqual(server.calls, ["a", "a", "b"]);
  });

  it("backs off while the server is busy, without ever giving up", async () => {
    mock.timers.enable({ apis: ["setTimeout", "Date"] });
    const outbox = start();
    let refusals = 8;
    server.answer = async () => {
      if (refusals-- > 0) throw no("unavailable", { retryable: true });
    };
    outbox.add({ room: 1, text: "a" });
    const waits = [];
    for (let n = 0; n < 8; n += 1) {
      await until("waiting", () => states(outbox)[0] === "waiting");
      waits.push(outbox.entries(1)[0].retryAt - Date.now());
      mock.timers.tick(waits.at(-1));
      await until("another try", () => states(outbox)[0] !== "waiting" || outbox.entries(1)[0].retryAt > Date.now());
    }
    await empty(outbox);
    assert.deepEqual(waits, [1, 2, 4, 8, 16, 30, 30, 30].map((seconds) => seconds * 1_000));
  });

  it("stops at a final no, says why, and goes on with the next", async () => {
    const outbox = start();
    server.answer = async ({ text }) => {
      if (text === "bad") throw no("too_large", { field: "text" });
    };
    const cid = outbox.add({ room: 1, text: "bad" });
    outbox.add({ room: 1, text: "good" });
    await until("the good one", () => kept().includes("good"));
    await until("one left", () => outbox.entries(1).length === 1);
    const [entry] = outbox.entries(1);
    assert.deepEqual([entry.cid, entry.state, entry.error], [cid, "failed", { code: "too_large", message: "no: too_large", field: "text" }]);
    await settle();

    const reloaded = start();
    await reloaded.load();
    assert.deepEqual(states(reloaded), ["failed"]);
    server.answer = async () => {};
    reloaded.wake();
    await settle();
    assert.deepEqual(states(reloaded), ["failed"]);
    reloaded.retry(cid);
    await empty(reloaded);
    assert.deepEqual(kept(), ["good", "bad"]);
  });

  it("throws a failed message away for good", async () => {
    const outbox = start();
    server.answer = async () => {
      throw no("forbidden");
    };
    const cid = outbox.add({ room: 1, text: "bad" });
    await until("failed", () => states(outbox)[0] === "failed");
    await settle();
    outbox.discard(cid);
    assert.deepEqual(states(outbox), []);
    await settle();
    assert.deepEqual(await stored(), []);
  });

  it("discards nothing that may already be on the server", async () => {
    open = false;
    const outbox = start();
    const cid = outbox.add({ room: 1, text: "a" });
    outbox.discard(cid);
    assert.deepEqual(states(outbox), ["queued"]);
  });

  it("forgets a room that is gone", async () => {
    open = false;
    const outbox = start();
    outbox.add({ room: 1, text: "a" });
    outbox.add({ room: 2, text: "b" });
    await settle();
    outbox.forget(1);
    await settle();
    assert.deepEqual(await stored(), ["b"]);
  });

  it("does not wait beyond the end of a connection", async () => {
    mock.timers.enable({ apis: ["setTimeout", "Date"] });
    const outbox = start();
    server.answer = async () => {
      throw no("rate_limited", { retry_after: 60, retryable: true });
    };
    outbox.add({ room: 1, text: "a" });
    await until("waiting", () => states(outbox)[0] === "waiting");
    open = false;
    outbox.lost();
    await settle();
    assert.deepEqual(states(outbox), ["queued"]);
    server.answer = async () => {};
    open = true;
    outbox.wake();
    await empty(outbox);
  });

  it("works on without the browser's database", async () => {
    const broken = () => Promise.reject(new Error("refused"));
    const outbox = new Outbox({
      database: new Database({ user: "x", open: broken }), user: "x", isOpen: () => true,
      send: async (payload) => ({ message: payload }),
      onMessage: (message) => outbox.seen([message]),
    });
    await outbox.load();
    outbox.add({ room: 1, text: "a" });
    await empty(outbox);
  });

  describe("in two tabs", () => {
    /** Two ends of a BroadcastChannel that deliver in the next turn. */
    function channels() {
      const ends = [new EventTarget(), new EventTarget()];
      ends.forEach((end, i) => {
        end.postMessage = (data) => setImmediate(() => ends[1 - i].dispatchEvent(Object.assign(new Event("message"), { data: structuredClone(data) })));
      });
      return ends;
    }

    for (const locks of [true, false]) {
      it(`keeps one order and one copy, ${locks ? "with" : "without"} locks`, async () => {
        const [left, right] = channels();
        const shared = locks ? new FakeLocks() : undefined;
        open = false;
        const one = start({ locks: shared, channel: left });
        const two = start({ locks: shared, channel: right });
        one.add({ room: 1, text: "1" });
        await settle();
        two.add({ room: 1, text: "2" });
        await settle();
        one.add({ room: 1, text: "3" });
        await settle();
        assert.deepEqual([one, two].map((outbox) => outbox.entries(1).map((entry) => entry.text)), [["1", "2", "3"], ["1", "2", "3"]]);
        open = true;
        one.wake();
        two.wake();
        await empty(one);
        await empty(two);
        assert.deepEqual(kept(), ["1", "2", "3"]);
        if (locks) assert.equal(server.calls.length, 3);
        await settle();
        assert.deepEqual(await stored(), []);
      });
    }

    it("takes over what the other tab left when it went away", async () => {
      const [left, right] = channels();
      open = false;
      const one = start({ channel: left });
      const two = start({ channel: right });
      one.add({ room: 1, text: "left behind" });
      await until("told", () => two.entries(1).length === 1);
      open = true;
      two.wake();
      await empty(two);
      assert.deepEqual(kept(), ["left behind"]);
    });

    it("takes over what the other tab kept and could not tell", async () => {
      const [left, right] = channels();
      open = false;
      const two = start({ channel: right });
      left.postMessage = () => {};
      const one = start({ channel: left });
      one.add({ room: 1, text: "left behind" });
      await settle();
      assert.equal(two.entries(1).length, 0);
      open = true;
      two.wake();
      await until("sent", () => kept().length === 1);
      assert.deepEqual(kept(), ["left behind"]);
    });

    it("shows what the other tab has sent until the timeline has it, and never without either", async () => {
      const [left, right] = channels();
      open = false;
      const one = start({ channel: left });
      const seenHere = [];
      const two = start({ channel: right, onMessage: (message) => seenHere.push(message.cid) });
      const cid = one.add({ room: 1, text: "a" });
      await until("told", () => two.entries(1).length === 1);
      open = true;
      one.wake();
      await empty(one);
      await settle();
      assert.deepEqual([two.entries(1).map((entry) => entry.state), seenHere], [["sent"], [cid]]);
      two.seen([{ cid }]);
      assert.equal(two.entries(1).length, 0);
    });
  });
});
