/** What is said at the field about what was sent. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, test, mock } from "node:test";

import { Sending } from "../../static/js/elements/writing/sending.js";

const DONE = { kind: "done", text: "Your status is set." };
const FAILED = { kind: "error", text: "That did not work." };

let pointed;
let sending;

beforeEach(() => {
  mock.timers.enable({ apis: ["setTimeout"] });
  pointed = false;
  sending = new Sending({ requestUpdate() {}, querySelector: () => (pointed ? {} : null) }, {});
});

afterEach(() => mock.timers.reset());

test("a word of success goes by itself, and as soon as something is typed", () => {
  sending.notice = DONE;
  mock.timers.tick(5_999);
  assert.equal(sending.notice, DONE);
  mock.timers.tick(1);
  assert.equal(sending.notice, null);
  sending.notice = DONE;
  sending.typed();
  assert.equal(sending.notice, null);
});

test("it does not go from under the pointer", () => {
  sending.notice = DONE;
  pointed = true;
  mock.timers.tick(6_000);
  assert.equal(sending.notice, DONE);
  pointed = false;
  mock.timers.tick(6_000);
  assert.equal(sending.notice, null);
});

test("what went wrong stays, whatever was said before it", () => {
  sending.notice = DONE;
  mock.timers.tick(3_000);
  sending.notice = FAILED;
  mock.timers.tick(60_000);
  assert.equal(sending.notice, FAILED);
});
