import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { own, ownOnly } from "../../static/js/models/own-emoji.js";
import { settle } from "./support.js";

const BOAT = { name: "boat", url: `/emoji/${"a".repeat(32)}` };
const FISH = { name: "fish", url: `/emoji/${"b".repeat(32)}` };
const image = ({ name, url }) => `<img class="own-emoji" src="${url}" alt=":${name}:" title=":${name}:">`;

let answer, asked;

beforeEach(() => {
  asked = 0;
  own.bind(async () => {
    asked += 1;
    if (answer instanceof Error) throw answer;
    return answer;
  });
});

describe("emoji of the server's own", () => {
  it("are read when the first is needed, and again when it was in vain", async () => {
    answer = new Error("offline");
    own.welcomed(3);
    assert.equal(own.shown(`<p>${image(BOAT)}</p>`), `<p>${image(BOAT)}</p>`);
    await settle();
    assert.deepEqual([own.list, asked], [[], 1]);
    answer = { rev: 3, emoji: [FISH, BOAT] };
    own.welcomed(3);
    await settle();
    assert.deepEqual([own.list.map(({ emoji }) => emoji), asked], [[":boat:", ":fish:"], 2]);
    own.welcomed(3);
    await settle();
    assert.equal(asked, 2);
    assert.deepEqual([own.urlOf(":boat:"), own.urlOf(":nope:"), own.urlOf("👍")], [BOAT.url, null, null]);
  });

  it("follow what is added and removed, and ask where something was missed", async () => {
    const text = `<p>${image(BOAT)} and ${image(FISH)}</p>`;
    own.heard({ rev: 4, removed: "boat" });
    assert.equal(own.shown(text), `<p>:boat: and ${image(FISH)}</p>`);
    own.heard({ rev: 5, added: BOAT });
    assert.equal(own.shown(text), text);
    answer = { rev: 8, emoji: [] };
    own.heard({ rev: 7, added: FISH });
    await settle();
    assert.deepEqual([own.list, asked], [[], 1]);
    assert.equal(own.shown("<p>plain</p>"), "<p>plain</p>");
  });

  it("are large when they are alone", () => {
    assert.ok(ownOnly(`<p>${image(BOAT)} ${image(FISH)}</p>`));
    assert.ok(!ownOnly(`<p>see ${image(BOAT)}</p>`));
    assert.ok(!ownOnly(`<p>${image(BOAT).repeat(13)}</p>`));
  });
});
