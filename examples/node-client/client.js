/**
 * Talks in one room of a Hubbub server with socket.io-client.
 *
 *     HUBBUB_URL=http://localhost:5000 HUBBUB_TOKEN=hub_... node client.js ROOM [TEXT ...]
 *
 * With TEXT it says that and ends. Without, it prints what is said in the room and says each line of its standard input,
 * until that ends. Lost connections and restarts of the server lose nothing and repeat nothing.
 */
import { randomUUID } from "node:crypto";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { io } from "socket.io-client";

const { HUBBUB_URL = "http://localhost:5000", HUBBUB_TOKEN: token } = process.env;
const [name, ...words] = process.argv.slice(2);
if (!token || !name) fail("usage: HUBBUB_TOKEN=... node client.js ROOM [TEXT ...]");

const socket = io(`${HUBBUB_URL}/chat`, {
  auth: { token, client: "node-client", protocol: 1 },
  transports: ["websocket", "polling"],
  tryAllTransports: true,
});

/** The room's id, and the one number that tells what has been seen of it: the `rev` of the last change applied. */
let room;
let rev;
/** The highest `rev` heard of; as long as it is beyond `rev`, something is missing. */
let known = 0;
let epoch;
let syncing = false;
let greet;
const joined = new Promise((resolve) => {
  greet = resolve;
});

function fail(text) {
  console.error(`client.js: ${text}`);
  process.exit(1);
}

/** Ask until there is an answer. Every command here may be repeated: a `cid` that comes twice is one message. */
async function ask(command, fields) {
  for (;;) {
    // Without a connection this waits for one, or for the time to be over.
    const ack = await socket.timeout(10_000).emitWithAck(command, fields).catch(() => null);
    if (ack?.ok) return ack;
    if (ack && !ack.error.retryable) fail(`${command}: ${ack.error.message}`);
    if (ack) await sleep(1000 * (ack.error.retry_after ?? 1));
  }
}

/** The first fact on every connection: come in, and catch up with what was said while the line was down. */
async function welcomed(welcome) {
  const { room: entered } = await ask("room_join", { room: name, create: true });
  room = entered.id;
  if (welcome.epoch !== epoch) known = rev = entered.head.rev;
  ({ epoch } = welcome);
  greet();
  catchUp(entered.head.rev);
}

/** One change of a room: the next one is shown, one seen before is dropped, and one too far ahead proves a gap. */
function heard(where, change, message) {
  if (where !== room || change <= rev) return;
  if (change > rev + 1) {
    catchUp(change);
    return;
  }
  rev = change;
  if (message) show(message);
}

/** Read what has changed since `rev`, until nothing that is known of is missing. */
async function catchUp(target) {
  known = Math.max(known, target);
  if (syncing) return;
  syncing = true;
  while (rev < known) {
    const page = await ask("room_sync", { room, rev });
    for (const message of page.messages ?? []) {
      if (message.rev <= rev) continue;
      rev = message.rev;
      show(message);
    }
    // After the last page, and where there is too much to catch up with, the room stands at its head.
    if (!page.more) rev = page.reset ? page.head.rev : Math.max(rev, page.head.rev);
    if (page.reset) known = rev;
  }
  syncing = false;
}

function show({ seq, author, text, deleted }) {
  console.log(`[${seq}] ${author.name}: ${deleted ? "(deleted)" : text}`);
}

async function say(text) {
  await ask("message_send", { room, cid: randomUUID(), text });
}

socket.on("welcome", welcomed);
socket.on("message_new", ({ room, rev, message }) => heard(room, rev, message));
socket.on("message_changed", ({ room, rev, message }) => heard(room, rev, message));
socket.on("room_changed", ({ room, rev }) => heard(room.id, rev));
socket.on("heads", ({ rooms }) => rooms[room]?.rev > rev && catchUp(rooms[room].rev));
socket.on("room_removed", ({ room: gone, reason }) => gone === room && fail(`out of the room: ${reason}`));
socket.on("session_ended", ({ reason }) => fail(`the session has ended: ${reason}`));
socket.on("connect_error", ({ message, data }) => {
  // A refusal is final; anything else is the network's, and socket.io-client tries again.
  if (data?.code) fail(`refused (${data.code}): ${message}`);
  console.error(`client.js: no connection to ${HUBBUB_URL} yet (${message})`);
});

await joined;
console.error(`client.js: in #${name}`);
if (words.length) await say(words.join(" "));
else for await (const line of createInterface({ input: process.stdin })) if (line.trim()) await say(line);
socket.close();
