import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import en from "../../static/js/locales/en.js";
import { aheadText, localValue, presets } from "../../static/js/lib/ahead.js";
import { setMessages } from "../../static/js/lib/i18n.js";
import { scheduledOf } from "../../static/js/models/scheduled.js";
import { startClient, serverWithTwoRooms, tick } from "./client-support.js";
import { ANN, BEN, settle } from "./support.js";

describe("times to come", () => {
  setMessages("en", en);
  const names = ["20min", "1h", "tomorrow", "monday"];
  const local = (...parts) => new Date(2026, ...parts);
  const found = (now, offset) => presets(names, now, offset).map(({ name, at }) => [name, localValue(at)]);

  it("are mornings of this device's calendar, and spans by the server's clock", () => {
    assert.deepEqual(found(local(10, 24, 22, 30), 120_000), [
      ["20min", "2026-11-24T22:52"], ["1h", "2026-11-24T23:32"], ["tomorrow", "2026-11-25T09:00"], ["monday", "2026-11-30T09:00"],
    ]);
    // On a Monday it is the next one; on a Sunday tomorrow is Monday, and is offered once.
    assert.deepEqual(found(local(10, 23, 8)).at(-1), ["monday", "2026-11-30T09:00"]);
    assert.deepEqual(found(local(10, 22, 8)).map(([name]) => name), ["20min", "1h", "tomorrow"]);
  });

  it("are said with their day", () => {
    const now = local(11, 30, 22).getTime();
    const said = [local(11, 30, 23, 5), local(11, 31, 9), local(12, 2, 9)].map((at) => aheadText(at.toISOString(), now));
    assert.deepEqual(said, ["today, 23:05", "tomorrow, 09:00", "Sat, 2 Jan 2027, 09:00"]);
  });
});

describe("what I have scheduled", () => {
  const at = (hour) => `2030-01-01T${String(hour).padStart(2, "0")}:00:00.000Z`;
  const shown = (scheduled) => scheduled.list.map(({ text }) => text);
  let server, client, socket;

  beforeEach(async () => {
    server = serverWithTwoRooms();
    ({ client, socket } = await startClient(server));
  });

  it("is read when it is asked for, and not where there is nothing", async () => {
    const none = scheduledOf(client);
    await settle();
    assert.deepEqual([none.loaded, shown(none), socket.count("scheduled_list")], [true, [], 0]);
    assert.equal(scheduledOf(client), none);
    server.schedule(ANN, { id: 5, room: 1, text: "early", at: at(9) });
    const second = await startClient(server);
    const some = scheduledOf(second.client);
    await settle();
    assert.deepEqual([some.loaded, shown(some), second.socket.count("scheduled_list")], [true, ["early"], 1]);
  });

  it("follows what I do on any device, the next one first, and nothing that others do", async () => {
    const scheduled = scheduledOf(client);
    await scheduled.add({ room: 1, text: "noon", at: at(12) });
    server.schedule(ANN, { id: 8, room: 2, text: "morning", at: at(9) });
    server.schedule(BEN, { id: 9, room: 2, text: "not mine", at: at(8) });
    assert.deepEqual(shown(scheduled), ["morning", "noon"]);
    assert.deepEqual(scheduled.of(1).map(({ text }) => text), ["noon"]);
    const [morning, noon] = scheduled.list;
    await scheduled.change(morning, { at: at(15) });
    await scheduled.change(noon, { text: "noon, said otherwise" });
    assert.deepEqual(shown(scheduled), ["noon, said otherwise", "morning"]);
    await scheduled.remove(noon);
    assert.deepEqual([shown(scheduled), socket.count("scheduled_list")], [["morning"], 0]);
  });

  it("is read again where a fact was missed, or a connection was", async () => {
    const scheduled = scheduledOf(client);
    socket.filter = () => [];
    server.schedule(ANN, { id: 1, room: 1, text: "one", at: at(1) });
    socket.filter = (facts) => facts;
    server.schedule(ANN, { id: 2, room: 1, text: "two", at: at(2) });
    await settle();
    assert.deepEqual([shown(scheduled), socket.count("scheduled_list")], [["one", "two"], 1]);
    socket.drop();
    server.schedule(ANN, { id: 1 });
    await tick(5_000);
    assert.deepEqual([shown(scheduled), scheduled.loaded], [["two"], true]);
    // A restored backup has another list that has changed as often.
    server.epoch = "e2";
    server.scheduled.set(ANN.id, { rev: 3, list: [{ id: 7, room: 1, text: "restored", at: at(1) }] });
    socket.drop();
    await tick(5_000);
    assert.deepEqual(shown(scheduled), ["restored"]);
  });

  it("is added once, however often it is tried", async () => {
    const scheduled = scheduledOf(client);
    const message = { room: 1, text: "once", at: at(9) };
    socket.instead.scheduled_add = (fields) => {
      server.schedule(ANN, { id: 3, ...fields });
      throw Object.assign(new Error("lost"), { code: "disconnected" });
    };
    await assert.rejects(scheduled.add(message));
    delete socket.instead.scheduled_add;
    await scheduled.add(message);
    assert.deepEqual(shown(scheduled), ["once"]);
    // The same words for the same time, once more, are another message.
    await scheduled.add(message);
    assert.deepEqual(shown(scheduled), ["once", "once"]);
  });

  it("says why it can't be read, and is read once it can be", async () => {
    server.schedule(ANN, { id: 1, room: 1, text: "one", at: at(1) });
    socket.drop();
    const scheduled = scheduledOf(client);
    await settle();
    assert.deepEqual([scheduled.error?.code, shown(scheduled)], ["disconnected", []]);
    await tick(5_000);
    assert.deepEqual([scheduled.error, shown(scheduled)], [null, ["one"]]);
  });
});
