import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { rows } from "../../static/js/models/grouping.js";
import { ANN, BEN } from "./support.js";

const at = (minute, day = 3) => new Date(2026, 2, day, 10, minute).toISOString();
const message = (seq, author, created_at, more = {}) => ({ seq, author, created_at, kind: "text", cid: `c${seq}`, ...more });
const entry = (cid, createdAt) => ({ cid, createdAt, replyTo: null });
const shape = (input) =>
  rows({ me: ANN, ...input }).map((row) => row.type + (row.first ? "*" : ""));

describe("rows of a conversation", () => {
  it("are nothing in an empty room but its beginning", () => {
    assert.deepEqual(shape({ messages: [], start: true }), ["start"]);
    assert.deepEqual(shape({ messages: [] }), []);
  });

  it("group an author's messages within five minutes of the group's first", () => {
    const messages = [message(1, BEN, at(0)), message(2, BEN, at(4)), message(3, BEN, at(5)), message(4, ANN, at(5)), message(5, BEN, at(6))];
    assert.deepEqual(shape({ messages }), ["day", "message*", "message", "message*", "message*", "message*"]);
  });

  it("put a pill before every day, and begin a group there", () => {
    const late = new Date(2026, 2, 3, 23, 59).toISOString();
    const early = new Date(2026, 2, 4, 0, 1).toISOString();
    const messages = [message(1, BEN, late), message(2, BEN, early)];
    assert.deepEqual(shape({ messages, start: true }), ["start", "day", "message*", "day", "message*"]);
  });

  it("never go back a day when clocks differ", () => {
    const made = rows({ me: ANN, messages: [message(1, BEN, at(0, 4)), message(2, BEN, at(0, 3)), message(3, BEN, at(1, 4))] });
    const keys = made.map((row) => row.key);
    assert.equal(new Set(keys).size, keys.length);
    assert.equal(made.filter((row) => row.type === "day").length, 1);
  });

  it("put the line before the first foreign message after the place, once", () => {
    const messages = [message(1, BEN, at(0)), message(2, ANN, at(1)), message(3, BEN, at(2)), message(4, BEN, at(3))];
    assert.deepEqual(shape({ messages, newAfter: 1 }), ["day", "message*", "message*", "new", "message*", "message"]);
    assert.deepEqual(shape({ messages, newAfter: 0 }).indexOf("new"), 1);
    assert.ok(!shape({ messages, newAfter: 4 }).includes("new"));
    assert.ok(!shape({ messages, newAfter: null }).includes("new"));
  });

  it("break groups at system rows and replies", () => {
    const messages = [message(1, BEN, at(0)), message(2, BEN, at(0), { kind: "system" }), message(3, BEN, at(0)), message(4, BEN, at(0), { reply_to: 1 })];
    assert.deepEqual(shape({ messages }), ["day", "message*", "system", "message*", "message*"]);
  });

  it("end with what is on its way, grouped with mine", () => {
    const messages = [message(1, ANN, at(0))];
    assert.deepEqual(shape({ messages, entries: [entry("x", at(1)), entry("y", at(2))] }), ["day", "message*", "pending", "pending"]);
  });

  it("keep a row's key from pending to stored", () => {
    const [, pending] = rows({ me: ANN, messages: [], entries: [entry("c1", at(0))] });
    const [, stored] = rows({ me: ANN, messages: [message(1, ANN, at(0))] });
    assert.equal(pending.key, stored.key);
    const [, foreign] = rows({ me: ANN, messages: [message(1, BEN, at(0))] });
    assert.notEqual(foreign.key, stored.key);
  });
});
