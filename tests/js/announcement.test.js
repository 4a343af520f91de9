import assert from "node:assert/strict";
import { it } from "node:test";
import { Announcement } from "../../static/js/models/announcement.js";

function storage() {
  const kept = new Map();
  return { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value) };
}

it("an announcement is shown until it is closed, and a later one again", () => {
  const kept = storage();
  const one = new Announcement({ storage: kept, user: 1 });
  one.heard(null);
  assert.equal(one.text, "");
  one.heard({ id: 3, text: "Down at six" });
  assert.equal(one.text, "Down at six");
  one.close();
  assert.equal(one.text, "");
  const other = new Announcement({ storage: kept, user: 1 });
  other.heard({ id: 3, text: "Down at six" });
  assert.equal(other.text, "");
  other.heard({ id: 4, text: "Down at seven" });
  assert.equal(other.text, "Down at seven");
  other.heard({ id: 5, text: "" });
  assert.equal(other.text, "");
  // Another account in the same browser has closed nothing.
  const stranger = new Announcement({ storage: kept, user: 2 });
  stranger.heard({ id: 3, text: "Down at six" });
  assert.equal(stranger.text, "Down at six");
});

it("without a place to keep it, it is closed for this page", () => {
  const refusing = { getItem: () => null, setItem() { throw new Error("full"); } };
  const one = new Announcement({ storage: refusing, user: 1 });
  one.heard({ id: 1, text: "Hello" });
  one.close();
  assert.equal(one.text, "");
});
