/** What is decided about people, as those see it whom it meets, and those who decide. */
import assert from "node:assert/strict";
import { mock } from "node:test";
import { beforeEach, describe, it } from "node:test";

import { Alarm } from "../../static/js/lib/alarm.js";
import { reportsOf } from "../../static/js/models/reports.js";
import { roomSanctionsOf } from "../../static/js/models/room-sanctions.js";
import { serverWithTwoRooms, startClient, tick } from "./client-support.js";
import { ANN, BEN, settle } from "./support.js";
import { CommandError } from "../../static/js/socket.js";

const DAY = 86_400_000;
let server, client, socket, list;

const soon = (ms) => new Date(Date.now() + ms).toISOString();
const sanction = (fields) => ({ id: 1, kind: "mute", user: ANN.id, room: 1, reason: "", created_at: soon(0), until: null, ...fields });
const told = (...sanctions) => socket.hear("sanctions_changed", { sanctions });

beforeEach(async () => {
  server = serverWithTwoRooms();
  list = [];
  const welcome = server.welcome.bind(server);
  server.welcome = (person) => ({ ...welcome(person), sanctions: list });
  server.commands.warning_seen = () => ({});
  ({ client, socket } = await startClient(server));
});

describe("what was decided about me", () => {
  it("is in the welcome, follows every change, and of several mutes the longest counts", () => {
    assert.equal(client.sanctions.muteIn(1), null);
    told(sanction({ until: soon(DAY) }), sanction({ id: 2, room: null, until: soon(2 * DAY) }));
    assert.deepEqual([1, 2].map((room) => client.sanctions.muteIn(room).id), [2, 2]);
    told(sanction({ until: soon(DAY) }), sanction({ id: 3, kind: "room_ban", room: 2 }), sanction({ id: 4, kind: "ban", room: null }));
    const { sanctions } = client;
    assert.deepEqual([sanctions.muteIn(1).id, sanctions.muteIn(2), sanctions.banFrom(1), sanctions.banFrom(2).id, sanctions.ban.id], [1, null, null, 3, 4]);
    told();
    assert.deepEqual([sanctions.muteIn(1), sanctions.banFrom(2), sanctions.ban], [null, null, null]);
  });

  it("ends by itself, by the server's clock", async () => {
    client.clockOffset = 50_000;
    let changes = 0;
    client.sanctions.on("change", () => (changes += 1));
    mock.method(Date, "now", () => 1_000_000);
    told(sanction({ until: new Date(1_060_000).toISOString() }));
    assert.ok(client.sanctions.muteIn(1));
    Date.now.mock.mockImplementation(() => 1_010_000);
    await tick(9_999);
    assert.equal(changes, 1);
    await tick(1);
    assert.deepEqual([client.sanctions.muteIn(1), changes], [null, 2]);
    mock.restoreAll();
  });

  it("is a warning until I have closed it, here or elsewhere; without a line the server hears of that later", async () => {
    list = [sanction({ id: 5, kind: "warning", reason: "Be kind" })];
    told(...list);
    assert.deepEqual(client.sanctions.warnings.map(({ reason }) => reason), ["Be kind"]);
    socket.instead.warning_seen = () => Promise.reject(new CommandError({ code: "disconnected" }));
    client.sanctions.close(list[0]);
    assert.deepEqual(client.sanctions.warnings, []);
    await settle();
    delete socket.instead.warning_seen;
    socket.drop();
    await tick(5_000);
    assert.deepEqual([client.sanctions.warnings.length, socket.sent.filter(([name]) => name === "warning_seen").map(([, { id }]) => id)], [0, [5, 5]]);
    told(sanction({ id: 6, kind: "warning" }));
    assert.equal(client.sanctions.warnings.length, 1);
    told();
    assert.equal(client.sanctions.warnings.length, 0);
  });
});

it("an alarm waits as long as it must, and rings for the first moment", () => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
  let rings = 0;
  const alarm = new Alarm(() => (rings += 1));
  alarm.set([null], 0);
  mock.timers.tick(1e9);
  alarm.set([null, new Date(5_000).toISOString(), new Date(3_000).toISOString()], 1_000);
  mock.timers.tick(1_999);
  assert.equal(rings, 0);
  mock.timers.tick(1);
  assert.equal(rings, 1);
  // A browser takes what is longer for no time at all.
  alarm.set([new Date(60 * DAY).toISOString()], 0);
  mock.timers.tick(2 ** 31 - 2);
  assert.equal(rings, 1);
});

describe("who is muted in a room that I lead, or banned from it", () => {
  it("is read once, and again when it has changed or may have", async () => {
    let sanctions = [sanction({ user: BEN.id }), sanction({ id: 2, kind: "room_ban", user: BEN.id, until: soon(DAY) })];
    server.commands.sanction_list = () => ({ sanctions });
    const those = roomSanctionsOf(client);
    socket.hear("room_sanctions_changed", { room: 1 });
    assert.deepEqual([those.of(1), those.of(1)], [[], []]);
    await settle();
    assert.equal(socket.count("sanction_list"), 1);
    const { mute, ban } = those.about(1, BEN.id);
    assert.deepEqual([mute.id, ban.id, those.about(1, ANN.id)], [1, 2, { mute: undefined, ban: undefined }]);
    sanctions = [];
    socket.hear("room_sanctions_changed", { room: 1 });
    await settle();
    assert.deepEqual(those.of(1), []);
    sanctions = [sanction({ user: BEN.id })];
    socket.drop();
    await tick(5_000);
    assert.deepEqual(those.of(1).map(({ id }) => id), [1]);
  });
});

describe("reports", () => {
  let reports, open;
  const report = (id, fields = {}) => ({
    id, message: id, room: 1, room_name: "room-1", author: BEN.id, reporter: ANN.id, reason: "spam", comment: "", html: "<p>x</p>", created_at: soon(0), settled_at: null, settled_by: null, outcome: null, ...fields,
  });

  beforeEach(async () => {
    open = [report(3, { message: 1 }), report(2), report(1)];
    server.commands.report_list = (_me, { settled }) => ({ reports: settled ? [] : open });
    reports = reportsOf(client);
    reports.begin();
    await settle();
  });

  it("stand together by their message, the newest first, and are counted so", () => {
    assert.deepEqual(reports.open.groups.map(({ id, reports: list }) => [id, list.map((one) => one.id)]), [[1, [3, 1]], [2, [2]]]);
    assert.deepEqual([reports.waiting, reports.waitingIn(1), reports.waitingIn(2)], [2, 2, 0]);
  });

  it("come live, and stay in their place when another settles them", async () => {
    socket.hear("report_changed", { report: report(4, { room: 2 }) });
    assert.deepEqual([reports.waiting, reports.open.groups[0].id, reports.waitingIn(2)], [3, 4, 1]);
    await reports.settled.load();
    for (const id of [1, 3]) socket.hear("report_changed", { report: report(id, { message: 1, settled_at: soon(0), settled_by: BEN.id, outcome: "removed" }) });
    assert.deepEqual([reports.waiting, reports.open.groups.map(({ id }) => id)], [2, [4, 1, 2]]);
    assert.deepEqual(reports.settled.groups.map(({ id }) => id), [1]);
    open = [report(2)];
    socket.drop();
    await tick(5_000);
    assert.deepEqual([reports.waiting, reports.open.groups.map(({ id }) => id)], [1, [2]]);
  });

  it("are settled, and what was said around them is read again where that was deleted along", async () => {
    server.commands.report_resolve = () => ({});
    server.commands.report_context = () => ({ messages: [] });
    const [group] = reports.open.groups;
    await reports.settle(group, "warned");
    await reports.settle(group, "removed", true);
    assert.equal(socket.count("report_context"), 0);
    await reports.look(group);
    await reports.settle(group, "removed", true);
    const asked = socket.sent.filter(([name]) => name === "report_resolve").map(([, about]) => about);
    assert.deepEqual(asked, [{ report: 3, outcome: "warned" }, { report: 3, outcome: "removed", remove: true }, { report: 3, outcome: "removed", remove: true }]);
    assert.equal(socket.count("report_context"), 2);
  });

  it("show what was said around them, as it is now", async () => {
    const [said, other] = [server.say(1, BEN, "bad"), server.say(1, BEN, "good")];
    server.commands.report_context = () => ({ messages: [said, other] });
    client.open(1);
    await settle();
    const group = { id: said.id, reports: [report(9, { message: said.id })] };
    assert.equal(reports.around(group), undefined);
    await reports.look(group);
    server.delete(1, said.seq);
    await settle();
    assert.deepEqual(reports.around(group).messages.map(({ deleted }) => deleted), [true, false]);
    server.commands.report_context = () => Promise.reject(new CommandError({ code: "not_found" }));
    await reports.look(group);
    assert.equal(reports.around(group).error.code, "not_found");
  });
});
