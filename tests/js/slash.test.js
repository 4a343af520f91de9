/** Commands: how a text is read as one, and what each asks of the server. */
import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import { COMMANDS, commandBeingFilled, commandsLike, parseSlash } from "../../static/js/models/slash.js";
import { addressed, italic, runSlash, SlashError } from "../../static/js/models/slash-run.js";
import { CommandError } from "../../static/js/socket.js";
import { startClient, texts } from "./client-support.js";
import { ANN, BEN, FakeServer, until, user } from "./support.js";

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
});

const read = (text) => {
  const parsed = parseSlash(text);
  return parsed?.is === "command" ? [parsed.command.name, parsed.args] : parsed;
};

test("what begins with no slash is a message", () => {
  for (const text of ["", "hello", "a /join b", "1/2", "hello\n/join x"]) assert.equal(parseSlash(text), null);
});

test("commands are read with what stands behind them", () => {
  assert.deepEqual(read("/help"), ["help", ""]);
  assert.deepEqual(read("  /join #launch  "), ["join", "#launch"]);
  assert.deepEqual(read("/JOIN 发布"), ["join", "发布"]);
  assert.deepEqual(read("/me waves\nand goes"), ["me", "waves\nand goes"]);
  assert.deepEqual(read("/topic two\nlines"), ["topic", "two lines"]);
  assert.deepEqual(read("/shrug"), ["shrug", ""]);
  assert.deepEqual(read("/me"), { is: "missing", name: "me" });
  assert.deepEqual(read("/leave now"), { is: "surplus", name: "leave" });
});

test("what is no command is not sent unawares", () => {
  for (const [text, name] of [["/nonsense x", "nonsense"], ["/", ""], ["/etc/passwd", "etc/passwd"], ["/ help", ""], ["/help!", "help!"]]) {
    assert.deepEqual(parseSlash(text), { is: "unknown", name }, text);
  }
  for (const name of ["constructor", "__proto__", "toString"]) assert.deepEqual(parseSlash(`/${name}`), { is: "unknown", name });
});

test("two slashes are how a message begins with one", () => {
  assert.deepEqual(parseSlash("//etc/passwd"), { is: "text", text: "/etc/passwd" });
  assert.deepEqual(parseSlash("//"), { is: "text", text: "/" });
});

test("a command is found as it is typed", () => {
  assert.deepEqual(commandsLike("m").map(({ name }) => name), ["msg", "me", "mute"]);
  assert.deepEqual(commandsLike("x"), []);
  assert.equal(commandsLike("").length, COMMANDS.length);
  assert.equal(commandBeingFilled("/topic ")?.name, "topic");
  assert.equal(commandBeingFilled("/Topic new")?.name, "topic");
  for (const text of ["/topic", "/nonsense ", "x /topic ", "//topic "]) assert.equal(commandBeingFilled(text), null, text);
});

test("people and text are told apart", () => {
  assert.deepEqual(addressed("@ben hello @ann"), { names: ["ben"], text: "hello @ann" });
  assert.deepEqual(addressed("ben hello"), { names: ["ben"], text: "hello" });
  assert.deepEqual(addressed("@ben, @cho\nhello"), { names: ["ben", "cho"], text: "hello" });
  assert.deepEqual(addressed("@ben"), { names: ["ben"], text: "" });
});

test("emphasis goes around each line", () => {
  assert.equal(italic("waves"), "_waves_");
  assert.equal(italic("waves\n\n and goes "), "_waves_\n\n_and goes_");
});

async function typed(text, { answers = {}, options, ...more } = {}) {
  const server = new FakeServer();
  server.addRoom(7);
  server.addRoom(9, [ANN.id, BEN.id], { kind: "direct", name: "" });
  const { client, socket, room } = await startClient(server, { open: 7, ...more });
  socket.instead = {
    user_list: () => ({ users: [ANN, BEN, user(3, "benny"), { ...user(4, "chen"), name: "陈晨" }] }),
    direct_open: () => ({ room: { ...server.view(server.rooms.get(9), ANN.id), users: [ANN.id, BEN.id] } }),
    ...Object.fromEntries(["room_leave", "room_update", "room_invite", "presence_set", "involvement_set"].map((name) => [name, () => ({})])),
    room_join: () => ({ room: server.view(server.rooms.get(7), ANN.id) }),
    ...answers,
  };
  socket.sent.length = 0;
  const parsed = parseSlash(text);
  const run = () => runSlash(client, room, parsed, options);
  return { client, socket, room, run };
}

const asked = (socket) => socket.sent.filter(([name]) => name !== "user_list");

test("each command is an ordinary one underneath", async () => {
  for (const [text, name, payload, outcome] of [
    ["/join launch", "room_join", { room: "launch" }, { open: 7 }],
    ["/topic New things", "room_update", { room: 7, topic: "New things" }, { told: ["slash.done.topic", {}] }],
    ["/topic", "room_update", { room: 7, topic: "" }, { told: ["slash.done.topic", {}] }],
    ["/invite @ben 陈晨", "room_invite", { room: 7, users: [2, 4] }, { told: ["slash.done.invite", { count: 2 }] }],
    ["/away at lunch", "presence_set", { status: "away", text: "at lunch", emoji: "", until: null }, { told: ["slash.done.away", {}] }],
    ["/away 🍜 at lunch", "presence_set", { status: "away", text: "at lunch", emoji: "🍜", until: null }, { told: ["slash.done.away", {}] }],
    ["/status 🍜 At lunch", "presence_set", { status: "online", text: "At lunch", emoji: "🍜", until: null }, { told: ["slash.done.status", {}] }],
    ["/status clear", "presence_set", { status: "online", text: "", emoji: "", until: null }, { told: ["slash.done.cleared", {}] }],
    ["/mute", "involvement_set", { room: 7, level: "nothing" }, { told: ["slash.done.mute", {}] }],
    ["/leave", "room_leave", { room: 7 }, {}],
  ]) {
    const { socket, run } = await typed(text);
    assert.deepEqual(await run(), outcome, text);
    assert.deepEqual(asked(socket), [[name, payload]], text);
  }
});

test("some commands are done here", async () => {
  assert.deepEqual(await (await typed("/status")).run(), { dialog: "status" });
  assert.deepEqual(await (await typed("/help")).run(), { help: true });
  assert.deepEqual(await (await typed("/search from:ben ship")).run(), { search: "from:ben ship" });
});

test("away again is back, and mute again is heard", async () => {
  const away = await typed("/away");
  away.client.presence.heard({ [ANN.id]: "away" });
  assert.deepEqual(await away.run(), { told: ["slash.done.back", {}] });
  assert.deepEqual(asked(away.socket), [["presence_set", { status: "online", text: "", emoji: "", until: null }]]);
  const mute = await typed("/mute");
  await mute.run();
  assert.ok(mute.room.muted);
  await mute.run();
  assert.ok(!mute.room.muted);
});

test("/me and /shrug are messages, and answer what is being answered", async () => {
  const { room, run, socket } = await typed("/me waves", { options: { replyTo: 70_001 } });
  await run();
  await until("the message", () => texts(room).includes("_waves_"));
  assert.equal(asked(socket).find(([name]) => name === "message_send")[1].reply_to, 70_001);
  const shrug = await typed("/shrug who knows");
  await shrug.run();
  await until("the shrug", () => texts(shrug.room).length);
  // As Markdown has it, so that the arm and the hands are to be seen.
  assert.deepEqual(texts(shrug.room), ["who knows ¯\\\\\\_(ツ)\\_/¯"]);
});

test("/msg says something elsewhere and leaves alone what is written there", async () => {
  const { client, run, socket } = await typed("/msg @BEN see you\nat noon");
  client.drafts.set(9, "half a thought");
  assert.deepEqual(await run(), { open: 9 });
  await until("the message", () => socket.count("message_send"));
  const [, sent] = socket.sent.find(([name]) => name === "message_send");
  assert.deepEqual([sent.room, sent.text], [9, "see you\nat noon"]);
  assert.equal(client.drafts.get(9), "half a thought");
  assert.deepEqual(asked(socket).find(([name]) => name === "direct_open")[1], { users: [2] });
});

test("nobody is mistaken for somebody else", async () => {
  const unknown = await typed("/invite @be");
  await assert.rejects(unknown.run(), (error) => error instanceof SlashError && error.code === "nobody" && error.params.name === "be");
  assert.deepEqual(asked(unknown.socket), []);
  const twins = await typed("/invite 陈晨", { answers: { user_list: () => ({ users: [{ ...user(4, "chen"), name: "陈晨" }, { ...user(5, "chen2"), name: "陈晨" }] }) } });
  await assert.rejects(twins.run(), SlashError);
});

test("what the server refuses is told", async () => {
  const forbidden = () => { throw new CommandError({ code: "forbidden", message: "No." }); };
  for (const [text, name] of [["/topic x", "room_update"], ["/leave", "room_leave"], ["/mute", "involvement_set"], ["/msg @ben hi", "direct_open"]]) {
    const { client, room, run, socket } = await typed(text, { answers: { [name]: forbidden } });
    await assert.rejects(run(), (error) => error.code === "forbidden", text);
    assert.equal(client.rooms.get(7), room);
    assert.ok(!room.muted);
    assert.equal(socket.count("message_send"), 0);
  }
});
