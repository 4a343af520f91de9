/** What a page keeps for the next one. */
import assert from "node:assert/strict";
import { it, mock } from "node:test";
import { keep, takeUp } from "../../static/js/models/kept.js";
import { startClient } from "./client-support.js";
import { BEN, FakeServer } from "./support.js";

it("what an earlier build has kept may lack a limit, and counts are numbers all the same", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const server = new FakeServer();
  server.addRoom(1);
  server.say(1, BEN, "one");
  const { client } = await startClient(server, { open: 1 });
  const kept = keep(client, [client.current]);
  const common = kept.common();
  const { unread, ...earlier } = common.limits;
  takeUp(client, { ...kept, common: { ...common, limits: earlier } });
  assert.equal(client.limits.unread, unread);
  client.reads.markUnread(1, 1);
  assert.equal(client.rooms.get(1).unread, 1);
});
