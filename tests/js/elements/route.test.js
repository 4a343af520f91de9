/** Addresses of rooms and of messages. */
import assert from "node:assert/strict";
import { it } from "node:test";
import { messageOf, roomOf, roomPath } from "../../../static/js/elements/shared/route.js";

it("an address names a room, and perhaps a message in it", () => {
  assert.equal(roomPath(12), "/room/12");
  assert.equal(roomPath(12, 345), "/room/12?at=345");
  const address = new URL(roomPath(12, 345), "https://chat.example");
  assert.deepEqual([roomOf(address.pathname), messageOf(address.search)], [12, 345]);
});

it("what names no message is none", () => {
  for (const search of ["", "?at=", "?at=0", "?at=-1", "?at=1.5", "?at=x", `?at=${"9".repeat(30)}`, "?by=3"]) assert.equal(messageOf(search), null);
});
