import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { mayDecide, mayDecideAnywhere, mayManage, mayRelease, mayRemove, mayTake, mayTopic, rolesFor } from "../../../static/js/elements/shared/rights.js";

const me = (role = "member") => ({ id: 1, role });
const client = (role) => ({ me: me(role), sanctions: { muteIn: () => null } });
const room = (role = "member", more = {}) => ({ kind: "public", role, archived: false, ...more });
const member = (id, role = "member", more = {}) => ({ user: { id, role: "member", ...more }, role });
const members = (list, more = false) => ({ list, more });

describe("what is offered", () => {
  it("to who leads a room, and to the server's staff in it", () => {
    for (const [user, held, may] of [
      ["member", "owner", true], ["member", "moderator", true], ["member", "member", false], ["admin", "member", true],
      ["owner", "member", true], ["admin", null, false], ["guest", "moderator", false], ["bot", "owner", true],
    ]) assert.equal(mayManage(me(user), room(held)), may, `${user}, ${held}`);
    assert.equal(mayManage(me("admin"), room("member", { kind: "direct" })), false);
  });

  it("of what is decided about people, to nobody about who stands above them", () => {
    for (const [mine, held, theirs, role, may] of [
      ["member", "moderator", "member", "member", true], ["member", "moderator", "member", "moderator", true], ["member", "moderator", "member", "owner", false],
      ["member", "owner", "member", "owner", true], ["member", "owner", "admin", "member", false], ["member", "member", "member", "member", false],
      ["member", "moderator", "member", null, true], ["admin", "member", "member", "owner", true], ["admin", "member", "admin", "member", true],
      ["admin", "owner", "owner", "member", false],
    ]) assert.equal(mayDecide(me(mine), room(held), { id: 2, role: theirs }, role), may, `${mine}, ${held}; ${theirs}, ${role}`);
    assert.equal(mayDecide(me("owner"), room("owner"), me(), "owner"), false);
    assert.equal(mayDecide(me("owner"), room("member", { kind: "direct" }), { id: 2, role: "member" }, "member"), false);
    assert.deepEqual(["member", "admin", "owner"].map((theirs) => mayDecideAnywhere(me("admin"), { id: 2, role: theirs })), [true, true, false]);
    assert.deepEqual([mayDecideAnywhere(me("owner"), me()), mayDecideAnywhere(me(), { id: 2, role: "guest" })], [false, false]);
  });

  it("of visitors' conversations: taking what waits or is a colleague's, and letting go of what somebody has", () => {
    for (const [state, agent, take, release] of [
      ["waiting", null, true, false], ["waiting", 1, true, true], ["waiting", 2, true, true],
      ["open", 1, false, true], ["open", 2, true, true], ["resolved", 1, false, false], ["resolved", null, false, false],
    ]) assert.deepEqual([mayTake(me(), { state, agent }), mayRelease({ state, agent })], [take, release], `${state}, ${agent}`);
  });

  it("of a topic, to every member with an account", () => {
    assert.deepEqual(["member", "bot", "admin", "guest"].filter((role) => mayTopic(client(role), room())), ["member", "bot", "admin"]);
    assert.equal(mayTopic(client(), room("member", { archived: true })), false);
    assert.equal(mayTopic(client(), room(null)), false);
    assert.equal(mayTopic(client(), room("member", { kind: "direct" })), false);
  });

  it("of roles, to owners and staff", () => {
    const [ann, ben] = [member(1, "owner"), member(2)];
    const all = members([ann, ben]);
    assert.deepEqual(rolesFor(me(), room("owner"), ben, all), ["owner", "moderator"]);
    assert.deepEqual(rolesFor(me(), room("moderator"), ben, all), []);
    assert.deepEqual(rolesFor(me("admin"), room("member"), ben, all), ["owner", "moderator"]);
    assert.deepEqual(rolesFor(me("guest"), room("owner"), ben, all), []);
    assert.deepEqual(rolesFor(me(), room("owner"), member(3, "member", { role: "guest" }), all), []);
  });

  it("never to the last owner, as far as one can know", () => {
    const [ann, ben] = [member(1, "owner"), member(2, "owner")];
    assert.deepEqual(rolesFor(me(), room("owner"), ann, members([ann])), []);
    assert.deepEqual(rolesFor(me(), room("owner"), ann, members([ann, ben])), ["moderator", "member"]);
    // Another owner may stand on a page that was not read yet: the server knows.
    assert.deepEqual(rolesFor(me(), room("owner"), ann, members([ann], true)), ["moderator", "member"]);
  });

  it("of removing, by rank", () => {
    assert.equal(mayRemove(me(), room("moderator"), member(2, "owner")), false);
    assert.equal(mayRemove(me(), room("moderator"), member(2)), true);
    assert.equal(mayRemove(me("admin"), room("member"), member(2, "owner")), true);
    assert.equal(mayRemove(me(), room("owner"), member(1)), false);
    assert.equal(mayRemove(me(), room("member", { kind: "direct" }), member(2)), false);
  });
});
