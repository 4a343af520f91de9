/** Files on their way: the queue, what is attached to a message, the request itself, a room's list of files. */
import assert from "node:assert/strict";
import { beforeEach, describe, it, mock } from "node:test";
import { FileDoor } from "../../static/js/files.js";
import { contentOf, filesText, kindOf, pastedName, sightOf, sizeText, typeText } from "../../static/js/lib/files.js";
import { setMessages } from "../../static/js/lib/i18n.js";
import en from "../../static/js/locales/en.js";
import { UploadQueue } from "../../static/js/models/upload-queue.js";
import { startClient } from "./client-support.js";
import { ANN, FakeDoor, FakeServer, FakeStorage, keptElsewhere, settle, until } from "./support.js";

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
});

const blob = (size = 5, type = "text/plain") => new Blob(["x".repeat(size)], { type });
const chosen = (...names) => names.map((name) => ({ name, blob: blob() }));

async function writing({ open = false, surroundings = {} } = {}) {
  const server = surroundings.server ?? new FakeServer();
  if (!server.rooms.size) for (const id of [1, 2]) server.addRoom(id);
  const door = new FakeDoor(server);
  door.open = open;
  const started = await startClient(server, { open: 1, surroundings: { ...surroundings, door } });
  const { attachments } = started.client;
  const states = (room = 1) => attachments.list(room).map(({ state }) => state);
  return { ...started, server, door, attachments, states };
}

describe("the queue of uploads", () => {
  function queueing() {
    const door = new FakeDoor(new FakeServer());
    door.open = false;
    const state = { open: true };
    const heard = [];
    const queue = new UploadQueue({ send: (...args) => door.send(...args), isOpen: () => state.open, random: () => 1 });
    const add = (name) => queue.add(blob(), name, (news) => heard.push([name, news.state, news.error?.code ?? null]));
    return { door, state, heard, queue, add };
  }

  it("sends three at a time, in order", async () => {
    const { door, add } = queueing();
    for (const name of ["a", "b", "c", "d"]) add(name);
    assert.deepEqual(door.sent, ["a", "b", "c"]);
    door.flying[1].done();
    await until("the fourth", () => door.sent.length === 4);
    assert.equal(door.flying.length, 3);
  });

  it("tries again by itself, later and later, and leaves the rest alone meanwhile", async () => {
    const { door, heard, add } = queueing();
    add("a");
    for (const wait of [1_000, 2_000]) {
      const tries = door.sent.length;
      door.flying[0].fail("unavailable");
      await settle();
      mock.timers.tick(wait - 1);
      assert.equal(door.sent.length, tries);
      mock.timers.tick(1);
      assert.equal(door.sent.length, tries + 1);
    }
    door.flying[0].done();
    await settle();
    assert.deepEqual(heard.at(-1), ["a", "done", null]);
  });

  it("waits as long as the server asks for", async () => {
    const { door, add } = queueing();
    add("a");
    door.flying[0].fail("rate_limited", { retry_after: 7 });
    await settle();
    mock.timers.tick(6_999);
    assert.equal(door.sent.length, 1);
    mock.timers.tick(1);
    assert.equal(door.sent.length, 2);
  });

  it("ends with a final no, and after many tries", async () => {
    const { door, heard, add } = queueing();
    add("no");
    door.flying[0].fail("too_large", { field: "quota" });
    await settle();
    assert.deepEqual(heard.at(-1), ["no", "failed", "too_large"]);
    add("often");
    while (door.flying.length) {
      door.flying[0].fail("disconnected");
      await settle();
      mock.timers.tick(30_000);
    }
    assert.deepEqual(heard.at(-1), ["often", "failed", "disconnected"]);
    assert.equal(door.sent.length, 1 + 9);
  });

  it("waits for the connection, and goes on by itself", async () => {
    const { door, state, queue, heard, add } = queueing();
    state.open = false;
    add("a");
    assert.deepEqual(door.sent, []);
    state.open = true;
    queue.wake();
    state.open = false;
    door.flying[0].fail("disconnected");
    await settle();
    assert.deepEqual(heard.at(-1), ["a", "waiting", "disconnected"]);
    state.open = true;
    queue.wake();
    assert.deepEqual(door.sent, ["a", "a"]);
  });

  it("gives up what is not wanted, and says no more of it", async () => {
    const { door, heard, add } = queueing();
    const giveUp = add("a");
    giveUp();
    await settle();
    assert.deepEqual([door.flying.length, heard], [0, [["a", "sending", null]]]);
  });
});

describe("what is attached to a message", () => {
  it("is sent with it, in the order in which it was chosen", async () => {
    const { client, server, attachments, door } = await writing();
    attachments.add(1, chosen("a.txt", "b.txt"));
    for (const flight of door.flying.toReversed()) flight.done();
    await until("both", () => !attachments.busy(1));
    assert.ok(client.say(1, "look"));
    await until("the message", () => server.rooms.get(1).messages.length);
    const [message] = server.rooms.get(1).messages;
    assert.deepEqual([message.text, message.files.map(({ name }) => name)], ["look", ["a.txt", "b.txt"]]);
    assert.deepEqual([attachments.list(1), client.drafts.has(1)], [[], false]);
  });

  it("holds the message back until it is there", async () => {
    const { client, server, attachments, door } = await writing();
    const said = [];
    client.on("said", ({ room }) => said.push(room));
    client.drafts.set(1, "look");
    attachments.add(1, chosen("a.txt"));
    assert.equal(client.say(1, "look", { replyTo: 7 }), null);
    assert.ok(attachments.held(1));
    client.open(2);
    door.flying[0].onProgress(0.5);
    assert.equal(attachments.list(1)[0].share, 0.5);
    door.flying[0].done();
    await until("the message", () => server.rooms.get(1).messages.length);
    assert.deepEqual([said, attachments.held(1), client.drafts.get(1)], [[1], false, ""]);
  });

  it("gives the message back where it fails, and lets it be tried again", async () => {
    const { client, server, attachments, door, states } = await writing();
    client.drafts.set(1, "look");
    attachments.add(1, chosen("a.txt"));
    client.say(1, "look");
    door.flying[0].fail("bad_request", { field: "file" });
    await until("the failure", () => attachments.failed(1));
    assert.deepEqual([attachments.held(1), client.drafts.get(1)], [false, "look"]);
    attachments.retry(1, attachments.list(1)[0].key);
    door.flying[0].done();
    await until("the file", () => !attachments.busy(1));
    assert.deepEqual([states(), server.rooms.get(1).messages.length], [["done"], 0]);
  });

  it("is refused at once where the server would refuse it", async () => {
    const { attachments, door, states } = await writing();
    const over = attachments.add(1, [{ name: "big", blob: blob(1_001) }, { name: "empty", blob: blob(0) }, ...chosen("a", "b", "c")]);
    assert.deepEqual([over, states(), door.sent], [2, ["failed", "failed", "sending"], ["a"]]);
    assert.deepEqual(attachments.list(1).map(({ error }) => error?.field ?? null), ["file", "empty", null]);
    attachments.retry(1, attachments.list(1)[0].key);
    assert.deepEqual(states(), ["failed", "failed", "sending"]);
  });

  it("can be taken away, on its way and when it is there", async () => {
    const { attachments, door, client } = await writing();
    attachments.add(1, chosen("a", "b"));
    attachments.remove(1, attachments.list(1)[0].key);
    assert.deepEqual(door.flying.map(({ name }) => name), ["b"]);
    door.flying[0].done();
    await until("the file", () => !attachments.busy(1));
    const { key, file } = attachments.list(1)[0];
    attachments.remove(1, key);
    assert.deepEqual([attachments.list(1), door.takenBack, client.drafts.has(1)], [[], [file.id], false]);
  });

  it("sends what is left, when the last that it waited for is taken away", async () => {
    const { client, server, attachments, door } = await writing();
    attachments.add(1, chosen("a", "b"));
    door.flying[0].done();
    await settle();
    client.say(1, "");
    attachments.remove(1, attachments.list(1)[1].key);
    await until("the message", () => server.rooms.get(1).messages.length);
    attachments.add(1, chosen("c"));
    client.say(1, "");
    attachments.remove(1, attachments.list(1)[0].key);
    await settle();
    assert.equal(server.rooms.get(1).messages.length, 1);
  });

  it("stays through a reload as far as it is there, for as long as the server keeps it", async () => {
    const storage = new FakeStorage();
    const first = await writing({ surroundings: { storage } });
    first.attachments.add(1, chosen("a", "b"));
    first.door.flying[0].done();
    await until("a file", () => first.states()[0] === "done");
    first.page.emit("hide");
    const again = await writing({ surroundings: { storage, server: first.server } });
    assert.deepEqual([again.attachments.list(1).map(({ name }) => name), again.room.hasDraft], [["a"], true]);
    const key = `hubbub.attached.${ANN.id}.1`;
    const kept = JSON.parse(storage.getItem(key));
    for (const damaged of ["{", "{}", JSON.stringify({ at: Date.now(), files: [{ id: 1 }] }), JSON.stringify({ ...kept, at: kept.at - 86_400_000 })]) {
      storage.setItem(key, damaged);
      const other = await writing({ surroundings: { storage, server: first.server } });
      assert.deepEqual(other.attachments.list(1), []);
    }
  });

  it("is the same in another tab", async () => {
    const { attachments, page, storage, door, server } = await writing();
    const key = `hubbub.attached.${ANN.id}.1`;
    keptElsewhere({ page, storage }, key, JSON.stringify({ at: Date.now(), files: [server.addFile({ name: "there" })] }));
    attachments.add(1, chosen("here"));
    assert.deepEqual(attachments.list(1).map(({ name }) => name), ["there", "here"]);
    keptElsewhere({ page, storage }, key, null);
    assert.deepEqual([attachments.list(1).map(({ name }) => name), door.takenBack], [["here"], []]);
  });

  it("goes with the room", async () => {
    const { client, attachments, door } = await writing();
    attachments.add(1, chosen("a"));
    client.removed(1, "removed");
    assert.deepEqual([attachments.list(1), door.flying], [[], []]);
  });

  it("is carried by the outbox through a reload, and a file that is gone is a final no", async () => {
    const surroundings = { storage: new FakeStorage(), name: "files-reload" };
    const { client, socket, server } = await writing({ surroundings });
    socket.drop();
    const file = server.addFile();
    client.send(1, "", { files: [file] });
    client.send(1, "gone", { files: [{ ...file, id: 99 }] });
    await settle(60);
    const again = await writing({ surroundings: { ...surroundings, server } });
    await until("the message", () => server.rooms.get(1).messages.length);
    assert.deepEqual(server.rooms.get(1).messages[0].files, [file]);
    await until("the failure", () => again.client.outbox.entries(1)[0]?.state === "failed");
    assert.deepEqual(again.client.outbox.entries(1).map(({ text, error }) => [text, error.field]), [["gone", "files"]]);
  });
});

describe("the request of an upload", () => {
  function requesting() {
    const request = { headers: {}, upload: {}, status: 0, responseText: "", open: (...what) => (request.opened = what), setRequestHeader: (name, value) => (request.headers[name] = value), send: (body) => (request.body = body), abort: () => request.onloadend() };
    const answer = (status, body) => (Object.assign(request, { status, responseText: typeof body === "string" ? body : JSON.stringify(body) }), request.onloadend());
    const door = new FileDoor({ headers: { "X-CSRFToken": "ours" }, request: () => request });
    const giveUp = new AbortController();
    const shares = [];
    return { request, answer, giveUp, shares, door, send: () => door.send(blob(), "a b&c.txt", { signal: giveUp.signal, onProgress: (share) => shares.push(share) }) };
  }

  it("says whose it is and how far it is", async () => {
    const { request, answer, shares, send } = requesting();
    const sent = send();
    request.upload.onprogress({ loaded: 1, total: 4 });
    answer(201, { ok: true, file: { id: 3 } });
    assert.deepEqual(await sent, { id: 3 });
    assert.deepEqual([request.opened, request.headers["X-CSRFToken"], shares], [["POST", "/files?name=a%20b%26c.txt"], "ours", [0.25]]);
  });

  it("tells why it failed, in the server's words or a proxy's", async () => {
    for (const [status, body, code, field] of [
      [413, { ok: false, error: { code: "too_large", field: "quota" } }, "too_large", "quota"],
      [413, "<html>", "too_large", "file"],
      [502, "<html>", "unavailable", null],
      [429, "", "rate_limited", null],
      [400, "[]", "bad_request", null],
      [201, "{}", "bad_request", null],
      [0, "", "disconnected", null],
    ]) {
      const { answer, send } = requesting();
      const sent = send();
      answer(status, body);
      await assert.rejects(sent, (error) => error.code === code && error.field === field, `${status} ${body}`);
    }
  });

  it("gives up a line on which nothing moves", async () => {
    const { request, send } = requesting();
    const sent = send();
    mock.timers.tick(89_000);
    request.upload.onprogress({ loaded: 1, total: 4 });
    mock.timers.tick(89_000);
    assert.equal(request.status, 0);
    mock.timers.tick(1_000);
    await assert.rejects(sent, { code: "disconnected" });
  });

  it("stops when it is not wanted any more, and takes back", async () => {
    const { request, giveUp, send, door } = requesting();
    const sent = send();
    giveUp.abort();
    await assert.rejects(sent, { code: "disconnected" });
    door.takeBack(5);
    assert.deepEqual([request.opened, request.headers["X-CSRFToken"]], [["DELETE", "/files/5"], "ours"]);
  });
});

describe("the files of a room", () => {
  async function listing(count) {
    const server = new FakeServer();
    server.addRoom(1);
    for (let number = 1; number <= count; number += 1) server.say(1, ANN, "", { files: [server.addFile({ name: `${number}` })] });
    const { client, socket } = await startClient(server, { open: 1 });
    const { files } = client.rooms.get(1);
    await files.load();
    return { server, client, socket, files, names: () => files.list.map(({ file }) => file.name) };
  }

  it("come in pages, the newest first", async () => {
    const { files, names } = await listing(60);
    assert.deepEqual([names().length, names()[0], files.hasMore], [50, "60", true]);
    await files.more();
    assert.deepEqual([names().length, names().at(-1), files.hasMore, files.more()], [60, "1", false, undefined]);
  });

  it("follow what is said and deleted", async () => {
    const { server, names } = await listing(2);
    server.say(1, ANN, "no file");
    server.say(1, ANN, "", { files: [server.addFile({ name: "new" })] });
    await until("the new one", () => names().length === 3);
    server.delete(1, 2);
    await until("the deletion", () => names().length === 2);
    assert.deepEqual(names(), ["new", "1"]);
  });

  it("keep what was heard while a page was on its way", async () => {
    const { server, socket, files, names } = await listing(2);
    let answer;
    socket.instead.room_files = () => new Promise((resolve) => (answer = resolve));
    const page = server.commands.room_files(ANN, { room: 1, limit: 50 });
    const loading = files.load();
    await until("the question", () => answer);
    server.delete(1, 1);
    await settle();
    answer(page);
    await loading;
    assert.deepEqual(names(), ["2"]);
  });

  it("can be asked for again after an error", async () => {
    const { socket, files, names } = await listing(1);
    socket.instead.room_files = () => { throw Object.assign(new Error("no"), { code: "unavailable" }); };
    await files.load();
    assert.equal(files.error.code, "unavailable");
    delete socket.instead.room_files;
    files.reload();
    await until("the list", () => !files.error && !files.loading);
    assert.deepEqual(names(), ["1"]);
  });
});

describe("what is said of a file", () => {
  setMessages("en", en);
  const photo = { id: 4, name: "bike.jpg", type: "image/jpeg", size: 10, width: 3, height: 2, thumb: "/files/4/thumb" };
  const paper = { id: 5, name: "50% #1?.pdf", type: "application/pdf", size: 10 };
  const song = { id: 6, name: "song.mp3", type: "audio/mpeg", size: 10 };

  it("is how it is shown", () => {
    assert.deepEqual([photo, paper, song, { ...photo, type: "image/svg+xml", width: null }, { ...song, type: "video/x-msvideo" }].map(kindOf), ["picture", "other", "audio", "other", "other"]);
    assert.equal(contentOf(paper), "/files/5/50%25%20%231%3F.pdf");
    assert.deepEqual([sightOf(photo), sightOf({ ...photo, thumb: null })], ["/files/4/thumb", "/files/4/bike.jpg"]);
    const gif = { ...photo, type: "image/gif" };
    assert.deepEqual([sightOf(gif), sightOf(gif, { still: true }), sightOf({ ...gif, size: 9e6 })], ["/files/4/bike.jpg", "/files/4/thumb", "/files/4/thumb"]);
  });

  it("is its size and its type", () => {
    assert.deepEqual([1, 999, 1_400, 999_600, 1_440_000, 25e6, 3.2e12].map(sizeText), ["1 byte", "999 bytes", "1 kB", "1 MB", "1.4 MB", "25 MB", "3.2 TB"]);
    assert.deepEqual([paper, { name: "README" }, { name: "a.verylong" }].map(typeText), ["PDF", "File", "File"]);
  });

  it("is what a message without text says", () => {
    assert.deepEqual([[photo], [photo, photo], [paper], [paper, paper], [song], [photo, paper, song]].map(filesText), ["Photo", "2 photos", "50% #1?.pdf", "2 files", "Audio", "3 files"]);
  });

  it("is the name of what was pasted", () => {
    const now = new Date(2026, 2, 3, 4, 5, 6);
    assert.equal(pastedName({ name: "image.png", type: "image/png" }, now), "Screenshot 2026-03-03 04.05.06.png");
    assert.equal(pastedName({ name: "", type: "image/jpeg" }, now), "Screenshot 2026-03-03 04.05.06.jpg");
    assert.equal(pastedName({ name: "plan.pdf", type: "application/pdf" }, now), "plan.pdf");
  });
});
