import assert from "node:assert/strict";
import { test } from "node:test";

import { RowWindow } from "../../../static/js/elements/list/row-window.js";

const messages = (from, to) => Array.from({ length: to - from + 1 }, (_, index) => ({ seq: from + index }));
const ends = (rows) => [rows[0].seq, rows.at(-1).seq];

test("all of a short timeline is drawn", () => {
  const rows = new RowWindow({ step: 50 });
  assert.deepEqual(ends(rows.slice(messages(1, 120), true)), [1, 120]);
  assert.equal(rows.open, true);
});

test("a reader at the end loses the oldest rows", () => {
  const rows = new RowWindow({ step: 50 });
  assert.deepEqual(ends(rows.slice(messages(1, 340), true)), [41, 340]);
  assert.deepEqual(ends(rows.slice(messages(1, 341), true)), [42, 341]);
  assert.equal(rows.open, true);
  rows.keep(messages(1, 341), 70);
  assert.deepEqual(ends(rows.slice(messages(1, 341), true)), [272, 341]);
  assert.deepEqual(ends(rows.slice(messages(1, 400), true)), [272, 400]);
  assert.deepEqual(ends(rows.slice(messages(1, 480), false)), [272, 480]);
  rows.reset();
  rows.keep(messages(1, 50), 70);
  assert.deepEqual(ends(rows.slice(messages(1, 50), true)), [1, 50]);
  assert.equal(rows.open, true);
});

test("a reader of older messages loses the newest rows", () => {
  const rows = new RowWindow({ step: 50 });
  assert.deepEqual(ends(rows.slice(messages(1, 340), false)), [1, 300]);
  assert.equal(rows.open, false);
  assert.deepEqual(ends(rows.slice(messages(1, 400), false)), [1, 300]);
});

test("going up draws what is loaded, in steps, then says that there is no more", () => {
  const rows = new RowWindow({ most: 100, step: 50 });
  const all = messages(1, 180);
  rows.slice(all, true);
  assert.equal(rows.up(all), true);
  assert.deepEqual(ends(rows.slice(all, false)), [31, 130]);
  assert.equal(rows.up(all), true);
  assert.deepEqual(ends(rows.slice(all, false)), [1, 100]);
  assert.equal(rows.up(all), false);
});

test("older messages that are loaded later are drawn in steps, in place of the newest", () => {
  const rows = new RowWindow({ most: 100, step: 30 });
  assert.deepEqual(ends(rows.slice(messages(151, 200), true)), [151, 200]);
  const all = messages(51, 200);
  assert.deepEqual(ends(rows.slice(all, false)), [121, 200]);
  assert.equal(rows.up(all), true);
  assert.deepEqual(ends(rows.slice(all, false)), [91, 190]);
  assert.equal(rows.up(all), true);
  assert.deepEqual(ends(rows.slice(all, false)), [61, 160]);
  assert.equal(rows.up(all), true);
  assert.deepEqual(ends(rows.slice(all, false)), [51, 150]);
  assert.equal(rows.up(all), false);
});

test("going down comes back to the newest message and stays open there", () => {
  const rows = new RowWindow({ most: 100, step: 50 });
  const all = messages(1, 180);
  rows.slice(all, false);
  assert.equal(rows.down(all), true);
  assert.deepEqual(ends(rows.slice(all, false)), [51, 150]);
  assert.equal(rows.down(all), true);
  assert.deepEqual(ends(rows.slice(all, false)), [81, 180]);
  assert.equal(rows.open, true);
  assert.equal(rows.down(all), false);
});

test("a room begins with a screenful, or with the first unread message, and the rest comes above", () => {
  const rows = new RowWindow({ step: 50, few: 20 });
  const all = messages(1, 60);
  rows.begin(all);
  assert.deepEqual(ends(rows.slice(all, true)), [41, 60]);
  rows.begin(all, 50);
  assert.deepEqual(ends(rows.slice(all, true)), [41, 60]);
  rows.begin(all, 30);
  assert.deepEqual(ends(rows.slice(all, true)), [28, 60]);
  assert.equal(rows.open, true);
  assert.equal(rows.up(all), true);
  assert.deepEqual(ends(rows.slice(all, true)), [1, 60]);
  rows.begin(all, 1);
  assert.deepEqual(ends(rows.slice(all, true)), [1, 60]);
  rows.begin(all.slice(0, 7));
  assert.deepEqual(ends(rows.slice(all.slice(0, 7), true)), [1, 7]);
});

test("no messages, no rows", () => {
  const rows = new RowWindow();
  assert.deepEqual(rows.slice([], true), []);
  assert.equal(rows.up([]), false);
  assert.equal(rows.down([]), false);
});

test("a message that is jumped to is drawn with what is around it, and nothing moves where it is drawn already", () => {
  const rows = new RowWindow({ step: 50 });
  const all = messages(1, 1_000);
  assert.deepEqual(ends(rows.slice(all, true)), [701, 1_000]);
  rows.show(all, 900);
  assert.equal(rows.open, true);
  rows.show(all, 400);
  assert.deepEqual(ends(rows.slice(all, false)), [250, 549]);
  rows.show(all, 2);
  assert.deepEqual(ends(rows.slice(all, false)), [1, 300]);
  rows.show(all, 999);
  assert.deepEqual(ends(rows.slice(all, false)), [701, 1_000]);
  assert.equal(rows.open, true);
});

test("a message that is not there leads to its neighbours", () => {
  const rows = new RowWindow({ step: 50 });
  const all = messages(101, 1_000);
  rows.slice(all, true);
  rows.show(all, 5);
  assert.equal(rows.slice(all, false)[0].seq, 101);
  rows.show(all, 5_000);
  assert.equal(rows.slice(all, false).at(-1).seq, 1_000);
  rows.show([], 5);
  assert.deepEqual(rows.slice([], false), []);
});

test("a burst is drawn in several frames for who follows the end, but not what is mine, nor what came in a long absence", () => {
  const rows = new RowWindow({ pace: 4 });
  const mine = (message) => message.seq === 147;
  assert.deepEqual(ends(rows.slice(messages(1, 100), true, mine)), [1, 100]);
  assert.equal(rows.waiting, false);
  assert.deepEqual(ends(rows.slice(messages(1, 110), true, mine)), [1, 104]);
  assert.equal(rows.waiting, true);
  assert.deepEqual(ends(rows.slice(messages(1, 110), true, mine)), [1, 108]);
  assert.deepEqual(ends(rows.slice(messages(1, 111), true, mine)), [1, 111]);
  assert.equal(rows.waiting, false);
  assert.deepEqual(ends(rows.slice(messages(1, 140), true, mine)), [1, 140], "more than a burst");
  assert.deepEqual(ends(rows.slice(messages(1, 148), true, mine)), [1, 148], "one of them is mine");
  assert.deepEqual(ends(rows.slice(messages(1, 150), false, mine)), [1, 150], "nobody follows the end");
  assert.equal(rows.waiting, false);
  rows.slice(messages(1, 150), true, mine);
  rows.reset();
  assert.deepEqual(ends(rows.slice(messages(1, 160), true, mine)), [1, 160], "the end was asked for");
});
