/** What of a message is offered to whom. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { mayDelete, mayEdit, mayPin, mayReact, mayReply, mayReport, maySeeReaders } from "../../../static/js/elements/shared/rights.js";

const ADA = { id: 1, role: "member" };
const GUEST = { id: 2, role: "guest" };
const room = (fields = {}) => ({ kind: "public", role: "member", archived: false, memberCount: 3, ...fields });
const message = (fields = {}) => ({ author: { id: 1 }, kind: "text", deleted: false, created_at: new Date().toISOString(), ...fields });
const sanctions = (mute) => ({ muteIn: (id) => (mute && id === 7 ? mute : null) });
const client = (fields = {}) => ({ me: ADA, clockOffset: 0, limits: { edit_seconds: 0 }, sanctions: sanctions(null), ...fields });
const ago = (seconds) => new Date(Date.now() - seconds * 1000).toISOString();

describe("editing", () => {
  it("is for one's own words", () => {
    assert.ok(mayEdit(client(), room(), message()));
    assert.ok(!mayEdit(client(), room(), message({ author: { id: 2 } })));
    assert.ok(!mayEdit(client(), room({ archived: true }), message()));
    for (const other of [{ deleted: true }, { kind: "system" }, { kind: "live" }]) assert.ok(!mayEdit(client(), room(), message(other)));
  });

  it("is for the time that the server gives, by the server's clock", () => {
    const limits = { edit_seconds: 60 };
    assert.ok(mayEdit(client({ limits }), room(), message({ created_at: ago(30) })));
    assert.ok(!mayEdit(client({ limits }), room(), message({ created_at: ago(90) })));
    assert.ok(!mayEdit(client({ limits, clockOffset: 40_000 }), room(), message({ created_at: ago(30) })));
    assert.ok(mayEdit(client(), room(), message({ created_at: ago(1e7) })));
  });
});

describe("deleting", () => {
  const theirs = message({ author: { id: 9 } });

  it("is for one's own, and for those who lead the room", () => {
    assert.ok(mayDelete(ADA, room(), message()));
    assert.ok(mayDelete(GUEST, room(), message({ author: { id: 2 } })));
    assert.ok(!mayDelete(ADA, room(), theirs));
    for (const role of ["owner", "moderator"]) assert.ok(mayDelete(ADA, room({ role }), theirs));
    for (const role of ["owner", "admin"]) assert.ok(mayDelete({ id: 1, role }, room(), theirs));
    assert.ok(!mayDelete(GUEST, room({ role: "moderator" }), theirs));
  });

  it("leaves others' messages alone in conversations, and what is gone", () => {
    assert.ok(!mayDelete({ id: 1, role: "admin" }, room({ kind: "direct" }), theirs));
    assert.ok(!mayDelete(ADA, room(), message({ deleted: true })));
    assert.ok(mayDelete(ADA, room({ archived: true }), message()));
  });
});

it("pins are for accounts; replies and reactions for everybody, but not in an archived room", () => {
  assert.ok(mayPin(client(), room(), message()) && !mayPin(client({ me: GUEST }), room(), message()));
  for (const may of [mayReply, mayReact]) {
    assert.ok(may(client(), room(), message()));
    assert.ok(!may(client(), room({ archived: true }), message()) && !may(client(), room(), message({ deleted: true })));
  }
  assert.ok(!mayPin(client(), room({ archived: true }), message()));
});

it("who is muted in a room answers, reacts and edits nothing there, and everything elsewhere", () => {
  const muted = client({ sanctions: sanctions({ until: null }) });
  for (const may of [mayReply, mayReact, mayEdit]) assert.deepEqual([may(muted, room({ id: 7 }), message()), may(muted, room({ id: 8 }), message())], [false, true], may.name);
});

it("what others say can be reported by everybody", () => {
  assert.ok(mayReport(GUEST, room(), message()) && !mayReport(ADA, room(), message()));
  for (const other of [{ deleted: true }, { kind: "system" }]) assert.ok(!mayReport(GUEST, room(), message(other)));
  assert.ok(!mayReport(ADA, room({ kind: "help" }), message({ author: { id: 2 } })), "a visitor's words are the business of those who answer alone");
});

it("who has read a message is shown in small rooms", () => {
  assert.ok(maySeeReaders(room({ memberCount: 50 }), message()));
  assert.ok(!maySeeReaders(room({ memberCount: 51 }), message()) && !maySeeReaders(room(), message({ deleted: true })));
});
