import assert from "node:assert/strict";
import { beforeEach, describe, it, mock } from "node:test";
import { Gate } from "../../static/js/models/gate.js";

describe("the gate of a room's changes", () => {
  let applied, gaps, gate;
  const offer = (...revs) => revs.forEach((rev) => gate.offer(rev, () => applied.push(rev)));

  beforeEach(() => {
    mock.timers.reset();
    mock.timers.enable({ apis: ["setTimeout"] });
    applied = [];
    gaps = 0;
    gate = new Gate(10, () => (gaps += 1));
  });

  it("applies the next change and drops those that were applied", () => {
    offer(11, 11, 10, 3, 12);
    assert.deepEqual(applied, [11, 12]);
    assert.equal(gate.rev, 12);
    mock.timers.tick(1_000);
    assert.equal(gaps, 0);
  });

  it("holds what comes too early and lets it through in order", () => {
    offer(13, 12, 14);
    assert.deepEqual(applied, []);
    offer(11);
    assert.deepEqual(applied, [11, 12, 13, 14]);
    mock.timers.tick(1_000);
    assert.equal(gaps, 0);
  });

  it("tells of a gap after 300 ms, once", () => {
    offer(12, 13);
    mock.timers.tick(299);
    assert.equal(gaps, 0);
    mock.timers.tick(1);
    assert.equal(gaps, 1);
    mock.timers.tick(10_000);
    assert.equal(gaps, 1);
  });

  it("goes on behind what was read otherwise", () => {
    offer(13, 15);
    gate.advance(14);
    assert.deepEqual(applied, [15]);
    assert.equal(gate.rev, 15);
    mock.timers.tick(1_000);
    assert.equal(gaps, 0);
  });

  it("drops held changes that the state already has", () => {
    offer(12, 13);
    gate.advance(20);
    offer(21);
    assert.deepEqual(applied, [21]);
  });

  it("begins again lower when history was replaced", () => {
    gate.restart(2);
    offer(3, 11);
    assert.deepEqual(applied, [3]);
  });

  it("keeps still once it is closed", () => {
    offer(12);
    gate.close();
    mock.timers.tick(1_000);
    assert.equal(gaps, 0);
  });

  it("holds a bounded number, and still asks for the rest", () => {
    for (let rev = 12; rev < 5_000; rev += 1) offer(rev);
    mock.timers.tick(300);
    assert.equal(gaps, 1);
    offer(11);
    assert.ok(applied.length <= 1_001);
  });
});
