import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { CommandError } from "../../static/js/socket.js";
import { Database } from "../../static/js/models/database.js";
import { serverWithTwoRooms, startClient, texts, tick } from "./client-support.js";
import { ANN, BEN, FakeLocks, FakeServer, FakeStorage, keptElsewhere, settle, until } from "./support.js";

let server, names = 0;

beforeEach(() => {
  server = serverWithTwoRooms();
});

const surroundings = (more = {}) => ({ name: `s${(names += 1)}`, storage: new FakeStorage(), ...more });

describe("a client", () => {
  it("is ready with its rooms after welcome, and opens what the address asked for before", async () => {
    server.say(1, BEN, "hello");
    const { client, room } = await startClient(server, { open: 1 });
    assert.equal(client.phase, "ready");
    assert.deepEqual(client.rooms.all.map((each) => each.title), ["room-1", "room-2"]);
    assert.equal(client.current, room);
    assert.deepEqual(texts(room), ["hello"]);
  });

  it("says which room it cannot open", async () => {
    const { client } = await startClient(server);
    client.open(77);
    assert.deepEqual([client.current, client.wanted], [null, 77]);
    client.open(1);
    assert.deepEqual([client.current.id, client.wanted], [1, null]);
  });

  it("shows what I send at once, and once", async () => {
    const { client, room } = await startClient(server, { open: 1 });
    client.drafts.set(1, "hello");
    const cid = client.say(room, "hello");
    assert.deepEqual(client.outbox.entries(1).map((entry) => [entry.cid, entry.text]), [[cid, "hello"]]);
    assert.equal(client.drafts.get(1), "");
    const seen = [];
    room.timeline.on("change", () => seen.push(client.outbox.entries(1).length + room.timeline.messages.length));
    await until("the message", () => room.timeline.messages.length === 1);
    await settle();
    assert.deepEqual(new Set(seen), new Set([1]));
    assert.equal(client.outbox.entries(1).length, 0);
  });

  it("tells of arrivals, with mentions", async () => {
    const { client } = await startClient(server, { open: 1 });
    const arrivals = [];
    client.on("arrival", ({ room, message, mention, watched }) => arrivals.push([room.id, message.text, mention, watched]));
    client.reads.setAtEnd(1, true);
    server.say(1, BEN, "a");
    server.say(2, BEN, "b", { mentions: [ANN.id] });
    server.say(2, ANN, "mine, from elsewhere");
    assert.deepEqual(arrivals, [[1, "a", false, true], [2, "b", true, false]]);
  });

  it("leaves for sign-in when its session ends, and keeps nothing of it", async () => {
    const around = surroundings();
    server.say(1, BEN, "secret");
    const { client, socket, signedOut } = await startClient(server, { open: 1, surroundings: around });
    await tick(2_000);
    socket.hear("session_ended", { reason: "revoked" });
    assert.deepEqual([client.phase, client.connection.state], ["ended", "ended"]);
    await until("signed out", () => signedOut.length === 1);
    const { client: next } = await startClient(server, { surroundings: { ...around, reachable: false } });
    assert.equal(next.phase, "starting");
  });

  it("leaves for sign-in when it is refused as nobody", async () => {
    const { socket, signedOut } = await startClient(server, { surroundings: { reachable: false } });
    socket.emit("closed", { reason: "refused", refusal: { code: "unauthenticated", message: "Sign in." } });
    await until("signed out", () => signedOut.length === 1);
    assert.deepEqual(signedOut, ["unauthenticated"]);
  });

  it("leaves a room that it is taken out of", async () => {
    const { client, socket, room } = await startClient(server, { open: 1 });
    const removed = [];
    client.on("removed", (detail) => removed.push([detail.room, detail.reason]));
    socket.hear("room_removed", { room: 1, reason: "removed" });
    assert.deepEqual(removed, [[room, "removed"]]);
    assert.equal(client.current, null);
    assert.equal(client.rooms.get(1), undefined);
  });

  it("opens the room that it wanted as soon as it is let in", async () => {
    const { client, socket } = await startClient(server);
    client.open(3);
    const room = server.addRoom(3);
    socket.hear("room_added", { room: server.view(room, ANN.id), rev: 0 });
    assert.equal(client.current?.id, 3);
  });

  it("keeps a member list right", async () => {
    const { client, socket, room } = await startClient(server, { open: 1 });
    await room.members.load();
    assert.deepEqual(room.members.list.map((member) => member.user.name), ["ann", "ben"]);
    socket.hear("members_changed", { room: 1, members: [{ user: BEN, role: "member", gone: true }], member_count: 1 });
    assert.deepEqual(room.members.list.map((member) => member.user.name), ["ann"]);
    assert.equal(room.memberCount, 1);
    assert.equal(client.people.get(BEN.id).name, "ben");
  });

  it("keeps only so many timelines up to date", async () => {
    for (let id = 3; id <= 20; id += 1) server.addRoom(id);
    const { client, socket } = await startClient(server);
    for (let id = 1; id <= 20; id += 1) {
      client.open(id);
      await until("timeline", () => client.current.timeline.loaded);
    }
    assert.equal(client.rooms.all.filter((room) => room.timeline).length, 12);
    socket.drop();
    for (let id = 1; id <= 20; id += 1) server.say(id, BEN, "missed");
    await tick(1_000);
    await until("synced", () => socket.count("room_sync") === 12);
    assert.equal(client.rooms.unread.length, 20);
  });
});

describe("what is missed", () => {
  it("is read when a fact is lost between others", async () => {
    const { socket, room } = await startClient(server, { open: 1 });
    let n = 0;
    socket.filter = (facts) => ((n += 1) === 2 ? [] : facts);
    for (const text of ["a", "b", "c"]) server.say(1, BEN, text);
    assert.deepEqual(texts(room), ["a"]);
    await tick(300);
    await until("the gap is closed", () => texts(room).length === 3);
    assert.deepEqual(texts(room), ["a", "b", "c"]);
    assert.equal(room.unread, 3);
    assert.equal(socket.count("room_sync"), 1);
  });

  it("is found by the heads when it was the last fact", async () => {
    const { client, socket, room } = await startClient(server, { open: 1 });
    socket.filter = (facts) => facts.filter(([name]) => name === "heads");
    server.say(1, BEN, "a");
    server.say(2, BEN, "b", { mentions: [ANN.id] });
    server.tellHeads(1, 2);
    await until("both", () => texts(room).length === 1 && client.rooms.get(2).unread === 1);
    assert.equal(client.rooms.mentions, 1);
    server.tellHeads(1, 2);
    await settle();
    assert.equal(socket.count("room_sync"), 2);
  });

  it("comes back after a lost connection, page by page", async () => {
    const { client, socket, room } = await startClient(server, { open: 1 });
    socket.drop();
    for (let n = 1; n <= 1_200; n += 1) server.say(1, BEN, `text ${n}`);
    server.edit(1, 3, "edited");
    server.changeTopic(1, "a new topic");
    await tick(1_000);
    await until("all", () => texts(room).length === 1_200);
    assert.equal(texts(room)[2], "edited");
    assert.equal(room.topic, "a new topic");
    assert.equal(socket.count("room_sync"), 3);
    assert.equal(room.unread, server.mostUnread);
    assert.equal(client.connection.state, "live");
  });

  it("is read again after an answer that was refused for haste", async () => {
    const { socket, room } = await startClient(server, { open: 1 });
    socket.drop();
    server.say(1, BEN, "a");
    socket.instead.room_sync = () => {
      delete socket.instead.room_sync;
      throw new CommandError({ code: "rate_limited", retry_after: 5, retryable: true });
    };
    await tick(1_000);
    assert.deepEqual(texts(room), []);
    await tick(5_000);
    await until("read", () => texts(room).length === 1);
  });

  it("is begun anew where the server says reset", async () => {
    const { socket, room } = await startClient(server, { open: 1 });
    server.say(1, BEN, "old");
    socket.drop();
    for (let n = 0; n < 5_100; n += 1) server.say(1, BEN, `text ${n}`);
    await tick(1_000);
    await until("the newest page", () => room.timeline.loaded && texts(room).at(-1) === "text 5099");
    assert.equal(texts(room).length, 50);
    server.say(1, BEN, "and on");
    assert.equal(texts(room).at(-1), "and on");
  });

  it("counts for nothing when the epoch changed", async () => {
    const { client, socket } = await startClient(server, { open: 1 });
    server.say(1, BEN, "lost in the restore");
    socket.drop();
    const restored = new FakeServer();
    restored.epoch = "e2";
    restored.addRoom(1);
    restored.say(1, BEN, "another history");
    socket.server = restored;
    await tick(1_000);
    await until("the other history", () => client.current?.timeline?.loaded);
    assert.deepEqual(texts(client.current), ["another history"]);
    assert.deepEqual(client.rooms.all.map((room) => room.id), [1]);
  });

  it("includes facts that come before welcome", async () => {
    const { client, socket, room } = await startClient(server, { open: 1 });
    socket.drop();
    const welcome = server.welcome(ANN);
    const normal = server.welcome;
    server.welcome = () => {
      // A message that came after the heads were read, and was told before `welcome` was.
      server.say(1, BEN, "in between");
      server.say(2, BEN, "in between");
      return welcome;
    };
    await tick(1_000);
    server.welcome = normal;
    await until("the message", () => texts(room).length === 1);
    assert.equal(client.rooms.get(2).unread, 1);
    assert.equal(socket.count("room_sync"), 0);
  });
});

describe("reading", () => {
  it("counts what others say where I am not looking", async () => {
    server.say(1, BEN, "before");
    const { client, page, room } = await startClient(server, { open: 1 });
    assert.deepEqual([room.unread, room.newAfter], [1, 0]);
    client.reads.setAtEnd(1, true);
    assert.equal(room.unread, 0);
    server.say(1, BEN, "seen");
    assert.equal(room.unread, 0);
    page.become({ focused: false });
    server.say(1, BEN, "unseen");
    server.say(1, ANN, "mine");
    assert.deepEqual([room.unread, room.newAfter], [1, 2]);
    page.become({ focused: true });
    assert.equal(room.unread, 0);
    server.say(2, BEN, "elsewhere", { mentions: [ANN.id] });
    assert.deepEqual([client.rooms.get(2).unread, client.rooms.mentions], [1, 1]);
  });

  it("marks once for many, and again after a lost connection", async () => {
    const { client, socket } = await startClient(server, { open: 1 });
    client.reads.setAtEnd(1, true);
    for (const text of ["a", "b", "c"]) server.say(1, BEN, text);
    await tick(400);
    assert.deepEqual(socket.sent.filter(([name]) => name === "read_mark"), [["read_mark", { room: 1, seq: 3 }]]);
    server.say(1, BEN, "d");
    socket.drop();
    await tick(400);
    await tick(600);
    await until("marked", () => server.rooms.get(1).reads.get(ANN.id) === 4);
    assert.equal(client.rooms.get(1).unread, 0);
  });

  it("follows what another device has read, exactly where it knows the messages", async () => {
    for (const text of ["a", "b", "c"]) server.say(1, BEN, text);
    server.say(1, ANN, "mine");
    server.say(1, BEN, "d");
    const { socket, room } = await startClient(server, { open: 1 });
    assert.equal(room.unread, 4);
    server.read(1, ANN, 3);
    assert.equal(room.unread, 1);
    server.read(1, ANN, 2);
    assert.deepEqual([room.lastRead, room.unread], [2, 2]);
    server.read(1, ANN, 5);
    assert.equal(room.unread, 0);
  });

  it("keeps the line in its place while the room is open, and takes it away with it", async () => {
    server.say(1, BEN, "a");
    const { client, room } = await startClient(server, { open: 1 });
    client.reads.setAtEnd(1, true);
    server.say(1, BEN, "b");
    assert.equal(room.newAfter, 0);
    client.open(2);
    assert.equal(room.newAfter, null);
    client.open(1);
    assert.equal(room.newAfter, null);
  });

  it("is done by Escape too", async () => {
    server.say(1, BEN, "a");
    const { client, room } = await startClient(server, { open: 1 });
    client.reads.markRead(1);
    assert.equal(room.unread, 0);
  });

  it("finds the next room, with or without something unread", async () => {
    server.addRoom(3);
    const { client } = await startClient(server, { open: 1 });
    server.say(3, BEN, "x");
    assert.equal(client.rooms.next(1, 1).id, 2);
    assert.equal(client.rooms.next(1, -1).id, 3);
    assert.equal(client.rooms.next(1, 1, { unread: true }).id, 3);
    assert.equal(client.rooms.next(null, 1).id, 1);
    assert.equal(client.rooms.next(null, -1).id, 3);
    assert.equal(client.rooms.next(3, 1, { unread: true }), null);
  });
});

describe("a reload", () => {
  it("shows what was there while it connects, and catches up", async () => {
    const around = surroundings();
    server.say(1, BEN, "a");
    const first = await startClient(server, { open: 1, surroundings: around });
    first.client.reads.setAtEnd(1, true);
    await tick(2_000);
    first.socket.reachable = false;
    first.socket.drop();
    server.say(1, BEN, "b");
    server.edit(1, 1, "a, edited");

    const second = await startClient(server, { open: 1, surroundings: { ...around, reachable: false } });
    const { client } = second;
    assert.equal(client.phase, "ready");
    const room = client.rooms.get(1);
    assert.deepEqual(texts(room), ["a"]);
    second.socket.reachable = true;
    await tick(20_000);
    await until("caught up", () => texts(room).length === 2);
    assert.deepEqual(texts(room), ["a, edited", "b"]);
    assert.equal(second.socket.count("history"), 0);
    assert.equal(room.unread, 1);
  });

  it("sends what was written before it, shows it once, and keeps drafts", async () => {
    const around = surroundings({ locks: new FakeLocks() });
    const first = await startClient(server, { open: 1, surroundings: around });
    first.socket.reachable = false;
    first.socket.drop();
    for (const text of ["one", "two", "three"]) first.client.send(1, text);
    first.client.drafts.set(2, "half a thou");
    first.page.emit("hide");
    await settle();
    for (let n = 0; n < 200; n += 1) server.say(1, BEN, `other ${n}`);

    const { client, room } = await startClient(server, { open: 1, surroundings: around });
    await until("all sent", () => client.outbox.entries(1).length === 0 && server.rooms.get(1).seq === 203);
    await until("all here", () => room.timeline.atEnd);
    assert.deepEqual(texts(room).slice(-3), ["one", "two", "three"]);
    assert.equal(client.drafts.get(2), "half a thou");
    assert.equal(client.rooms.get(2).hasDraft, true);
  });

  it("shows a message once whose ack was lost, also when it is too old to be loaded", async () => {
    const around = surroundings();
    const first = await startClient(server, { open: 1, surroundings: around });
    first.socket.instead.message_send = (me, payload) => {
      first.socket.reachable = false;
      server.say(1, ANN, payload.text, { cid: payload.cid });
      return new Promise(() => {});
    };
    first.socket.filter = () => [];
    first.client.send(1, "did it arrive?");
    await until("sent", () => server.rooms.get(1).seq === 1);
    first.socket.drop();
    await settle();
    for (let n = 0; n < 100; n += 1) server.say(1, BEN, `other ${n}`);
    const { client, room, socket } = await startClient(server, { open: 1, surroundings: around });
    await until("sent again", () => socket.count("message_send") === 1 && client.outbox.entries(1).length === 0);
    assert.equal(server.rooms.get(1).messages.filter((message) => message.text === "did it arrive?").length, 1);
    assert.equal(texts(room).includes("did it arrive?"), false);
  });
});

describe("what is kept", () => {
  const away = (around) => startClient(server, { open: 1, surroundings: { ...around, reachable: false } });

  it("is bounded: six rooms, sixty messages of each, more of the one that is open", async () => {
    for (let id = 3; id <= 9; id += 1) server.addRoom(id);
    for (let id = 1; id <= 9; id += 1) for (let n = 1; n <= 250; n += 1) server.say(id, ANN, `${id}.${n}`);
    const around = surroundings();
    const first = await startClient(server, { surroundings: around });
    for (let id = 9; id >= 1; id -= 1) {
      first.client.open(id);
      await until("timeline", () => first.client.current.timeline.loaded);
      while (first.client.current.timeline.moreBefore) await first.client.current.timeline.loadBefore();
    }
    await tick(2_000);
    const { client } = await away(around);
    const kept = client.rooms.all.filter((room) => room.timeline).map((room) => [room.id, texts(room).length, texts(room).at(-1)]);
    assert.deepEqual(kept, [[1, 200, "1.250"], ...[2, 3, 4, 5, 6].map((id) => [id, 60, `${id}.250`])]);
    assert.equal(client.rooms.all.length, 9);
  });

  it("is of all tabs: none takes away what another has open", async () => {
    const around = surroundings();
    server.say(1, BEN, "one");
    server.say(2, BEN, "two");
    await startClient(server, { open: 1, surroundings: around });
    await startClient(server, { open: 2, surroundings: around });
    await tick(2_000);
    const { client } = await away(around);
    assert.deepEqual([1, 2].map((id) => texts(client.rooms.get(id))), [["one"], ["two"]]);
  });

  it("counts nothing twice where a room was kept later than the list of rooms", async () => {
    const around = surroundings();
    const first = await startClient(server, { open: 1, surroundings: around });
    await tick(2_000);
    const second = await startClient(server, { open: 2, surroundings: around });
    // The second tab's list of rooms is older than what the first tab keeps of its room, and is written later.
    second.socket.filter = () => [];
    server.say(1, BEN, "heard by the first tab alone");
    await tick(2_000);
    second.client.rooms.emit("counts");
    await tick(2_000);
    first.socket.reachable = second.socket.reachable = false;
    server.say(1, BEN, "heard by none");
    const third = await away(around);
    const room = third.client.rooms.get(1);
    assert.deepEqual([texts(room), room.unread], [["heard by the first tab alone"], 1]);
    third.socket.reachable = true;
    await tick(20_000);
    await until("caught up", () => texts(room).length === 2);
    assert.equal(room.unread, 2);
  });

  for (const [name, harm, phase = "starting"] of [
    ["a room without a head", (record) => record.common && (record.common.rooms = [{ id: 1 }])],
    ["messages with a hole", (record) => record.timeline && (record.timeline.messages[1].seq += 1)],
    ["another person", (record) => record.common && (record.common.me = BEN)],
    ["another version", (record) => (record.version = 1)],
    ["no list of rooms", (record) => record.common && delete record.common],
    ["no index", (record) => record.entries && (record.entries = 7), "ready"],
  ]) {
    it(`is dropped when it can't be read: ${name}`, async () => {
      const around = surroundings();
      server.say(1, BEN, "a");
      server.say(1, BEN, "b");
      await startClient(server, { open: 1, surroundings: around });
      await tick(2_000);
      const database = new Database({ user: `${ANN.id}-${around.name}` });
      const records = await database.all("cache");
      assert.deepEqual(records.map((record) => record.key), ["common", "index", "room-1"]);
      for (const record of records) {
        harm(record);
        await database.put("cache", record);
      }
      const { client, socket } = await away(around);
      assert.equal(client.phase, phase);
      assert.equal(client.current?.timeline?.loaded ?? false, false);
      assert.equal(client.rooms.all.length, phase === "ready" ? 2 : 0);
      socket.reachable = true;
      await tick(20_000);
      await until("read anew", () => client.current?.timeline?.loaded);
      assert.deepEqual(texts(client.current), ["a", "b"]);
    });
  }

  it("is not written again where nothing has changed", async () => {
    const around = surroundings();
    server.say(1, BEN, "a");
    server.say(2, BEN, "b");
    const { client } = await startClient(server, { open: 1, surroundings: around });
    await tick(2_000);
    const database = new Database({ user: `${ANN.id}-${around.name}` });
    const mark = async () => {
      const record = (await database.all("cache")).find(({ key }) => key === "room-1");
      await database.put("cache", { ...record, marked: true });
    };
    const marked = async () => (await database.all("cache")).find(({ key }) => key === "room-1").marked ?? false;
    await mark();
    client.open(2);
    await until("the other room's messages", () => client.current.timeline.loaded);
    await tick(2_000);
    await until("both are kept", async () => (await database.all("cache")).length === 4);
    assert.equal(await marked(), true);
    server.say(1, BEN, "more");
    await tick(2_000);
    await until("written anew", async () => !(await marked()));
  });

  it("has the counts of all rooms when the page goes away", async () => {
    const around = surroundings();
    const { client, page } = await startClient(server, { open: 1, surroundings: around });
    await tick(2_000);
    const database = new Database({ user: `${ANN.id}-${around.name}` });
    const unread = async () => (await database.all("cache"))[0].common.rooms.find(({ id }) => id === 2).unread;
    server.say(2, BEN, "elsewhere");
    await until("heard", () => client.rooms.get(2).unread === 1);
    await tick(2_000);
    page.emit("hide");
    await until("kept", async () => (await unread()) === 1);
  });

  it("is nothing any more after another epoch", async () => {
    const around = surroundings();
    server.say(1, BEN, "lost in the restore");
    await startClient(server, { open: 1, surroundings: around });
    await tick(2_000);
    server = new FakeServer();
    server.epoch = "e2";
    await startClient(server, { surroundings: around });
    await tick(2_000);
    const records = await new Database({ user: `${ANN.id}-${around.name}` }).all("cache");
    assert.deepEqual(records.map((record) => [record.key, record.epoch ?? record.common.epoch]), [["common", "e2"], ["index", "e2"]]);
    assert.deepEqual(records[1].entries, []);
  });
});

describe("whose page it is", () => {
  it("ends when the browser turns out to be somebody else's by now", async () => {
    const around = surroundings();
    const { client, socket, signedOut } = await startClient(server, { open: 1, surroundings: around });
    await tick(2_000);
    socket.drop();
    client.send(1, "in Ann's name alone");
    socket.user = BEN;
    await tick(1_000);
    await until("signed out", () => signedOut.length === 1);
    assert.equal(client.me.id, ANN.id);
    assert.equal(socket.count("message_send"), 0);
    assert.deepEqual(await new Database({ user: `${ANN.id}-${around.name}` }).all("cache"), []);
  });

  it("shows what was kept also when the server refuses it for its age", async () => {
    const around = surroundings();
    server.say(1, BEN, "a");
    await startClient(server, { open: 1, surroundings: around });
    await tick(2_000);
    const refusal = { code: "protocol", message: "Too old." };
    const { client, started } = await startClient(server, { open: 1, wait: false, surroundings: { ...around, refusal } });
    await started;
    assert.deepEqual([client.phase, client.updates.offer, texts(client.current)], ["ready", "refused", ["a"]]);
    const nothing = await startClient(server, { wait: false, surroundings: { refusal } });
    await nothing.started;
    assert.equal(nothing.client.phase, "ended");
  });
});

describe("drafts in two tabs", () => {
  const KEY = `hubbub.draft.${ANN.id}.1`;

  it("follow each other, but not into what is being typed", async () => {
    const { client, page, storage } = await startClient(server, { open: 1 });
    const heard = [];
    client.drafts.on("elsewhere", (room) => heard.push(room));
    keptElsewhere({ page, storage }, KEY, "from the other tab");
    assert.deepEqual([client.drafts.get(1), client.rooms.get(1).hasDraft, heard], ["from the other tab", true, [1]]);
    client.drafts.set(1, "typed here");
    keptElsewhere({ page, storage }, KEY, "late");
    assert.equal(client.drafts.get(1), "typed here");
    await tick(300);
    keptElsewhere({ page, storage }, KEY, null);
    assert.deepEqual([client.drafts.get(1), client.rooms.get(1).hasDraft], ["", false]);
    for (const key of [null, "hubbub.draft.2.1", "hubbub.room"]) keptElsewhere({ page, storage }, key, "not ours");
    assert.equal(client.drafts.get(1), "");
  });
});
