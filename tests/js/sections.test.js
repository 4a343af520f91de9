import assert from "node:assert/strict";
import { beforeEach, describe, it, mock } from "node:test";
import { startClient } from "./client-support.js";
import { FakeServer } from "./support.js";

let server;

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
  server = new FakeServer();
  for (const [at, name] of ["ash", "birch", "cedar", "dogwood"].entries()) server.addRoom(at + 1, undefined, { name });
});

async function start() {
  const { client, socket } = await startClient(server);
  socket.instead.sections_set = () => ({});
  return { client, socket };
}

/** The named groups, without the starred and direct ones. */
const shown = ({ rooms }) => Object.fromEntries(rooms.groups.filter(({ key }) => key !== "directs").map((group) => [group.section ?? group.key, group.rooms.map((room) => room.title).join(" ")]));

describe("sections of the sidebar", () => {
  it("hold rooms in my order, between what I starred and the rooms", async () => {
    const { client, socket } = await start();
    await client.sections.put(3, "Work");
    await client.sections.put(1, "work");
    await client.sections.put(2, "Later");
    assert.deepEqual(shown(client), { starred: "", Work: "cedar ash", Later: "birch", named: "dogwood" });
    assert.deepEqual(socket.sent.at(-1), ["sections_set", { sections: [{ name: "Work", rooms: [3, 1] }, { name: "Later", rooms: [2] }] }]);
    assert.deepEqual([3, 1, 2, 4].map((id) => client.rooms.next(id, 1).title), ["ash", "birch", "dogwood", "cedar"]);
    await client.sections.put(2, "Work", 1);
    assert.equal(shown(client).Work, "cedar birch ash");
    await client.sections.put(3, null);
    assert.deepEqual(shown(client), { starred: "", Work: "birch ash", Later: "", named: "cedar dogwood" });
    assert.deepEqual([client.sections.of(2), client.sections.of(3)], ["Work", null]);
  });

  it("are renamed, reordered, removed and brought back", async () => {
    const { client } = await start();
    await client.sections.put(3, "Work");
    await client.sections.put(1, "Later");
    await client.sections.shift("Later", -1);
    await client.sections.rename("Later", "Sooner");
    assert.deepEqual(Object.keys(shown(client)), ["starred", "Sooner", "Work", "named"]);
    assert.ok(client.sections.has("SOONER") && !client.sections.has("Sooner", "Sooner") && !client.sections.has("Later"));
    const bringBack = await client.sections.remove("Sooner");
    assert.equal(shown(client).named, "ash birch dogwood");
    await bringBack();
    assert.equal(shown(client).Sooner, "ash");
  });

  it("let a starred room stand with the starred ones, and keep its place", async () => {
    const { client, socket } = await start();
    socket.instead.room_star = () => ({});
    await client.sections.put(3, "Work");
    await client.roomActions.star(3, true);
    assert.deepEqual([shown(client).starred, shown(client).Work], ["cedar", ""]);
    await client.roomActions.star(3, false);
    assert.equal(shown(client).Work, "cedar");
  });

  it("stay as they were when the server refuses", async () => {
    const { client, socket } = await start();
    await client.sections.put(3, "Work");
    socket.instead.sections_set = () => { throw new Error("no"); };
    await assert.rejects(client.sections.rename("Work", "Play"));
    assert.equal(shown(client).Work, "cedar");
  });

  it("come with welcome and from my other devices, with rooms that I am not in", async () => {
    server.sections = [{ name: "Work", rooms: [99, 3] }];
    const { client, socket } = await start();
    assert.equal(shown(client).Work, "cedar");
    socket.hear("sections_changed", { sections: [{ name: "Home", rooms: [4, 99] }] });
    assert.equal(shown(client).Home, "dogwood");
    await client.sections.put(1, "Home", 99);
    assert.deepEqual(socket.sent.at(-1)[1].sections, [{ name: "Home", rooms: [4, 1, 99] }]);
  });
});
