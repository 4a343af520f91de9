import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Updates } from "../../static/js/models/updates.js";

describe("an update of the server", () => {
  it("is offered when the server has other pages, and not any more when it has these again", () => {
    const updates = new Updates("one");
    const changes = [];
    updates.on("change", () => changes.push(updates.offer));
    for (const build of ["one", "two", "two", "one"]) updates.told(build);
    assert.deepEqual(changes, ["updated", null]);
  });

  it("is offered once for each build", () => {
    const updates = new Updates("one");
    updates.told("two");
    updates.dismiss();
    updates.told("two");
    assert.equal(updates.offer, null);
    updates.told("three");
    assert.equal(updates.offer, "updated");
  });

  it("is none where one of the two does not say what it is", () => {
    const updates = new Updates("one");
    updates.told(undefined);
    assert.equal(updates.offer, null);
    const unknown = new Updates(undefined);
    unknown.told("one");
    assert.equal(unknown.offer, null);
  });

  it("is offered whatever was put off before, when the server refuses the page", () => {
    const updates = new Updates("one");
    updates.told("two");
    updates.dismiss();
    updates.refused();
    assert.equal(updates.offer, "refused");
    updates.told("one");
    assert.equal(updates.offer, null);
  });
});
