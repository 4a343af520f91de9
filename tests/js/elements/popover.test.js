/** Where what pops up comes to lie. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { besideOf } from "../../../static/js/elements/shared/popover.js";

const PAGE = { width: 1000, height: 800, rightward: true };
const CARD = { width: 320, height: 500 };

const box = (left, top, width = 40, height = 20) => ({ left, top, right: left + width, bottom: top + height });

function covers({ left, top }, size, at) {
  return left < at.right && left + size.width > at.left && top < at.bottom && top + size.height > at.top;
}

test("a menu lies below its opener, above it where there is no room", () => {
  const size = { width: 200, height: 300 };
  assert.deepEqual(besideOf(box(100, 100), size, PAGE, "start"), { left: 100, top: 126 });
  assert.deepEqual(besideOf(box(500, 100), size, PAGE, "end"), { left: 340, top: 126 });
  assert.deepEqual(besideOf(box(100, 700), size, PAGE, "start"), { left: 100, top: 394 });
});

test("a card lies at the side of a name, the other side at the page's edge", () => {
  assert.deepEqual(besideOf(box(300, 200), CARD, PAGE, "aside"), { left: 346, top: 200 });
  assert.deepEqual(besideOf(box(900, 200), CARD, PAGE, "aside"), { left: 574, top: 200 });
  assert.deepEqual(besideOf(box(500, 200), CARD, { ...PAGE, rightward: false }, "aside"), { left: 174, top: 200 });
  // Not over the page's end.
  assert.deepEqual(besideOf(box(300, 700), CARD, PAGE, "aside"), { left: 346, top: 292 });
});

test("a card never covers the name in the middle of a page that is low", () => {
  const page = { ...PAGE, height: 620 };
  for (let left = 8; left <= 950; left += 30) {
    for (let top = 8; top <= 590; top += 30) {
      const at = box(left, top);
      assert.equal(covers(besideOf(at, CARD, page, "aside"), CARD, at), false, `at ${left}, ${top}`);
    }
  }
});

test("where neither side has room it lies below, or above", () => {
  const wide = box(200, 100, 600);
  assert.deepEqual(besideOf(wide, CARD, PAGE, "aside"), { left: 200, top: 126 });
});
