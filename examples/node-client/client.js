/**
 * Talks in one room of a Hubbub server; hubbub.js beside it does the work.
 *
 *     HUBBUB_URL=http://localhost:5000 HUBBUB_TOKEN=hub_... node client.js ROOM [TEXT ...]
 *
 * With TEXT it says that and ends. Without, it prints what is said in the room and says each line of its standard input,
 * until that ends. Lost connections and restarts of the server lose nothing and repeat nothing.
 */
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "./hubbub.js";

const { HUBBUB_URL = "http://localhost:5000", HUBBUB_TOKEN: token } = process.env;
const [name, ...words] = process.argv.slice(2);
if (!token || !name) fail("usage: HUBBUB_TOKEN=... node client.js ROOM [TEXT ...]");

const client = new Client(HUBBUB_URL, token);
/** The account may be in other rooms too. */
let wanted;

function fail(text) {
  console.error(`client.js: ${text}`);
  process.exit(1);
}

/** Ask to be let in until there is an answer. */
async function enter() {
  for (;;) {
    await client.ready();
    try {
      return await client.join(name, { create: true });
    } catch (error) {
      if (!error.retryable) fail(`room_join: ${error.message}`);
      await sleep(1000 * (error.retryAfter ?? 0.2));
    }
  }
}

/** Resolves when the server has it. */
async function say(text) {
  await client.send(wanted, text).outcome.catch((error) => fail(`message_send: ${error.message}`));
}

function show(room, { seq, author, text, deleted }) {
  if (room.id === wanted) console.log(`[${seq}] ${author.name}: ${deleted ? "(deleted)" : text}`);
}

client.on("message", show);
client.on("changed", show);
client.on("room_removed", (room, reason) => room.id === wanted && fail(`out of the room: ${reason}`));
client.on("retrying", (reason) => console.error(`client.js: no connection to ${HUBBUB_URL} (${reason})`));
client.on("gone", ({ code, message }) => code !== "closed" && fail(`refused (${code}): ${message}`));

client.start();
wanted = await enter();
console.error(`client.js: in #${name}`);
if (words.length) await say(words.join(" "));
else for await (const line of createInterface({ input: process.stdin })) if (line.trim()) await say(line);
client.close();
