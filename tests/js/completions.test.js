/** What is offered while somebody types. */
import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import { callOf, outsidersIn, shouldAsk } from "../../static/js/models/called.js";
import { tokenAt } from "../../static/js/models/completion-token.js";
import { Completions } from "../../static/js/models/completions.js";
import { CommandError } from "../../static/js/socket.js";
import { startClient } from "./client-support.js";
import { ANN, BEN, FakeServer, processorTime, settle, until, user } from "./support.js";

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
});

/** "¦" is the caret. */
function at(drawn) {
  const token = tokenAt(drawn.replace("¦", ""), drawn.indexOf("¦"));
  return token && [token.kind, token.query, token.from];
}

test("a word with its sign is found at the caret", () => {
  assert.deepEqual(at("@¦"), ["people", "", 0]);
  assert.deepEqual(at("hello @mi¦"), ["people", "mi", 6]);
  assert.deepEqual(at("hello @mi¦ and more"), ["people", "mi", 6]);
  assert.deepEqual(at("(@mi¦)"), ["people", "mi", 1]);
  assert.deepEqual(at("see #lau¦"), ["rooms", "lau", 4]);
  assert.deepEqual(at("so :sm¦"), ["emoji", "sm", 3]);
  assert.deepEqual(at("/jo¦"), ["commands", "jo", 0]);
  assert.deepEqual(at("/¦join"), ["commands", "", 0]);
});

test("Chinese needs no space before a sign", () => {
  assert.deepEqual(at("你好@陈¦"), ["people", "陈", 2]);
  assert.deepEqual(at("请看#发布¦吧"), ["rooms", "发布", 2]);
  assert.deepEqual(at("好:火箭¦"), ["emoji", "火箭", 1]);
  assert.deepEqual(at("@陈晨¦"), ["people", "陈晨", 0]);
  assert.deepEqual(at("𠮷@𠮷¦"), ["people", "𠮷", 2]);
});

test("what only looks like it is left alone", () => {
  for (const drawn of [
    "¦", "mail a@b¦", "a.b@example¦", "10:30¦", "https://ex¦", "so :s¦", "::sm¦", "x#1¦", "# Heading¦", "##¦", "@a b¦", "@@a¦", "/join #x /to¦", "x /jo¦",
    `@${"a".repeat(60)}¦`, "run `pip @a¦", "```\n@app¦", "https://host/@mira¦", "//jo¦",
  ]) assert.equal(at(drawn), null, drawn);
});

const CHO = { ...user(3, "cho"), name: "Chö Ngọc" };
const CHEN = { ...user(4, "chen"), name: "陈晨" };
const DEE = user(5, "dee");

async function typing({ members = [ANN, BEN, CHO], others = [CHEN, DEE], findEmoji = async () => [], ...shared } = {}) {
  const server = new FakeServer();
  for (const person of [...members, ...others]) server.users.set(person.id, person);
  server.addRoom(7, members.map(({ id }) => id), shared);
  server.addRoom(8, [ANN.id], { name: "launch" });
  server.addRoom(9, [ANN.id], { name: "lunch-time" });
  const started = await startClient(server, { open: 7 });
  const { client, socket, room } = started;
  socket.instead = {
    user_list: (_me, { query }) => ({ users: [...server.users.values()].filter((one) => one.username.includes(query)) }),
    room_list: () => ({ rooms: [{ id: 20, name: "lunar", kind: "public", topic: "", role: null }, { id: 8, name: "launch", kind: "public", topic: "", role: "member" }] }),
  };
  const completions = new Completions(client, findEmoji);
  const look = (drawn) => completions.look(room, drawn.replace("¦", ""), drawn.includes("¦") ? drawn.indexOf("¦") : drawn.length);
  const offered = () => completions.items.map((item) => (item.outside ? `(${item.insert})` : item.insert));
  return { ...started, server, completions, look, offered };
}

test("people in the room come first, then calls, then the others", async () => {
  const { look, offered, server } = await typing();
  server.say(7, CHO, "hello");
  look("hi @");
  await until("the members", () => offered().includes("(@dee)"));
  // Who spoke last is the likeliest; nobody means themselves.
  assert.deepEqual(offered(), ["@cho", "@ben", "@here", "@room", "(@dee)", "(@chen)"]);
});

test("people are found by their username and their name, whatever the accents", async () => {
  const { look, offered } = await typing();
  for (const [typed, first] of [["@be", "@ben"], ["@CHO", "@cho"], ["@ngoc", "@cho"], ["你好@陈", "(@chen)"], ["@ro", "@room"], ["@所有", "@room"]]) {
    look(typed);
    await until(typed, () => offered()[0] === first);
  }
  look("@nobody");
  assert.deepEqual(offered(), []);
});

test("an exact name stands first", async () => {
  const { look, offered } = await typing({ members: [ANN, BEN, user(6, "roomy")] });
  look("@roomy");
  assert.equal(offered()[0], "@roomy");
  look("@room");
  assert.deepEqual(offered().slice(0, 2), ["@room", "@roomy"]);
});

test("without a connection, what is known here is offered", async () => {
  const { look, offered, socket } = await typing();
  socket.drop();
  look("@b");
  assert.deepEqual(offered(), ["@ben"]);
  look("#la");
  assert.deepEqual(offered(), ["#launch"]);
});

test("an answer that comes too late is dropped, and a known one is not asked for again", async () => {
  const { look, offered, socket, server } = await typing();
  const asked = [];
  const answers = [];
  socket.instead.user_list = (_me, { query }) => new Promise((resolve) => {
    asked.push(query);
    answers.push(() => resolve({ users: query === "z" ? [{ ...user(60, "zed") }] : [] }));
  });
  look("@z");
  mock.timers.tick(200);
  await until("the question", () => asked.length === 1);
  look("@b");
  answers[0]();
  await settle();
  assert.deepEqual(offered(), ["@ben"]);
  look("@z");
  assert.deepEqual(offered(), ["(@zed)"], "what the answer brought is known now");
  mock.timers.tick(200);
  await settle();
  assert.deepEqual(asked, ["z"]);
  assert.ok(server);
});

test("letters typed in a row are one question", async () => {
  const { look, socket } = await typing();
  for (const typed of ["@d", "@de", "@dee"]) look(typed);
  mock.timers.tick(200);
  await until("the question", () => socket.count("user_list"));
  assert.deepEqual(socket.sent.filter(([name]) => name === "user_list").map(([, { query }]) => query), ["dee"]);
});

test("an error leaves what is known", async () => {
  const { look, offered, socket } = await typing();
  const fail = () => { throw new CommandError({ code: "rate_limited" }); };
  Object.assign(socket.instead, { user_list: fail, room_members: fail, room_list: fail });
  look("@b");
  mock.timers.tick(200);
  await settle();
  assert.deepEqual(offered(), ["@ben"]);
});

test("rooms are mine first, then the other public ones", async () => {
  const { look, offered } = await typing();
  look("see #lu");
  mock.timers.tick(200);
  await until("the others", () => offered().length > 1);
  assert.deepEqual(offered(), ["#lunch-time", "(#lunar)"]);
});

test("emoji come from the picker's words; a failure is no emoji", async () => {
  const found = [{ emoji: "🚀", name: "rocket", shortcode: "rocket" }];
  const { look, offered } = await typing({ findEmoji: async (query) => (query === "ro" ? found : Promise.reject(new Error("no data"))) });
  look("go :ro");
  await until("the emoji", () => offered().length);
  assert.deepEqual(offered(), ["🚀"]);
  look("go :roc");
  await until("nothing", () => !offered().length);
});

test("Escape dismisses the word, and no other", async () => {
  const { look, offered, completions } = await typing();
  look("@b");
  completions.dismiss();
  assert.deepEqual(offered(), []);
  look("@be");
  assert.deepEqual(offered(), []);
  look("@be and @b");
  assert.deepEqual(offered(), ["@ben"]);
});

test("who is invited is not there yet", async () => {
  const { look, offered } = await typing();
  look("/invite @");
  await until("the members", () => offered().length === 2);
  assert.deepEqual(offered(), ["(@dee)", "(@chen)"]);
});

test("in a direct conversation nobody is called, and others are outside", async () => {
  const { look, offered } = await typing({ members: [ANN, BEN], kind: "direct", name: "", users: [ANN.id, BEN.id] });
  look("@");
  assert.deepEqual(offered(), ["@ben"].concat(offered().slice(1)));
  assert.ok(!offered().includes("@room"));
});

test("a call is found where it is one", () => {
  for (const [text, call] of [
    ["@room now", "room"], ["see @here", "here"], ["@here and @room", "room"], ["@Room!", "room"], ["@room.", "room"],
    ["mail@room", null], ["@roomy", null], ["`@room`", null], ["```\n@room\n```", null], ["```\n@room", null], ["", null],
    ["大家好@room", "room"], ["@room大家好", "room"], ["@here，看", "here"], ["a@here", null], ["@rooms", null], ["x/@room", null],
  ]) assert.equal(callOf(text), call, text);
});

test("a hostile text is looked through in no time", () => {
  const took = processorTime(() => {
    for (const text of ["`a``".repeat(2_500), "``` \n".repeat(2_000), `${"`".repeat(9_999)} `, "@".repeat(10_000), "@a".repeat(5_000)]) callOf(`@x ${text}`);
  });
  assert.ok(took < 1_000);
});

test("only a call for many is asked about", () => {
  const room = { kind: "public", memberCount: 10 };
  assert.ok(shouldAsk(ANN, room, "@room"));
  assert.ok(shouldAsk(ANN, room, "@here"));
  assert.ok(!shouldAsk(ANN, room, "@ben"));
  assert.ok(!shouldAsk(ANN, { ...room, memberCount: 9 }, "@room"));
  assert.ok(!shouldAsk(ANN, { ...room, kind: "direct" }, "@room"));
  // What a guest writes calls nobody.
  assert.ok(!shouldAsk({ ...ANN, role: "guest" }, room, "@room"));
});

test("who is named and not in the room is found", async () => {
  const { client, room } = await typing();
  client.people.put(CHEN, DEE);
  assert.deepEqual((await outsidersIn(client, room, "@ben @Dee, @chen @nobody @ann")).map(({ id }) => id).sort(), [4, 5]);
  assert.deepEqual(await outsidersIn(client, room, "`@dee` only@dee @deep"), []);
  assert.deepEqual((await outsidersIn(client, room, "请@dee看一下")).map(({ id }) => id), [5]);
});

test("who may be on a page of members that is not loaded is looked for there", async () => {
  const { client, room, socket } = await typing();
  client.people.put(CHEN, DEE);
  const member = (person) => ({ user: person, role: "member", gone: false });
  socket.instead.room_members = (_me, { after }) => (after ? { members: [member(DEE)] } : { members: [member(BEN)], next: "more" });
  assert.deepEqual((await outsidersIn(client, room, "@dee @chen")).map(({ id }) => id), [4]);
});

test("where the members can't be read, nobody is said to be outside", async () => {
  const { client, room, socket } = await typing();
  client.people.put(DEE);
  socket.instead.room_members = () => { throw new CommandError({ code: "unavailable" }); };
  assert.deepEqual(await outsidersIn(client, room, "@dee"), []);
});
