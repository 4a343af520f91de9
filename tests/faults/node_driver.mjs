/**
 * Many of examples/node-client's clients in one process, driven by lines of JSON on the standard input; what happens to them
 * goes to the standard output as records (tests/faults/records.py).
 *
 *     {"connect": {"client": "n1", "url": "http://...", "token": "hub_...", "options": {"transports": ["websocket"]}}}
 *     {"join": {"client": "n1", "room": "general"}}         until it is in
 *     {"leave": {"client": "n1", "room": 1}}
 *     {"send": {"client": "n1", "room": 1, "text": "Hello", "cid": "..."}}
 *     {"view": {"client": "n1", "room": 1}}                 answered by a record `view`
 *     {"close": {"client": "n1"}} or {"close": true}        one client, or all of them and the process
 */
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "../../examples/node-client/hubbub.js";

const clients = new Map();

function write(record) {
  process.stdout.write(`${JSON.stringify(record)}\n`);
}

/** Ask for what may be asked twice until there is an answer. */
async function insist(client, command, fields) {
  for (;;) {
    await client.ready();
    try {
      return await client.call(command, fields);
    } catch (error) {
      if (!error.retryable || client.error) throw error;
      await sleep(1000 * (error.retryAfter ?? 0.05));
    }
  }
}

const COMMANDS = {
  connect({ client: name, url, token, options }) {
    const client = new Client(url, token, { name, keep: Infinity, ...options, record: (record) => write({ client: name, ...record }) });
    clients.set(name, client);
    client.start();
  },
  join: ({ client, room }) => insist(clients.get(client), "room_join", { room, create: true }),
  leave: ({ client, room }) => insist(clients.get(client), "room_leave", { room }),
  send({ client, room, text, cid }) {
    clients.get(client).send(room, text, { cid });
  },
  view({ client, room }) {
    const seen = clients.get(client).rooms.get(room);
    const messages = (seen?.messages ?? []).map(({ id, seq, rev, cid, text }) => ({ id, seq, rev, cid, text }));
    write({ client, at: Date.now() / 1000, kind: "view", room, rev: seen?.rev ?? null, messages });
  },
  close(which) {
    for (const [name, client] of clients) if (which === true || which.client === name) client.close();
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const [[command, fields]] = Object.entries(JSON.parse(line));
  // A join takes as long as the server does; the next line need not wait for it.
  Promise.resolve(COMMANDS[command](fields)).catch((error) => console.error(`${line}: ${error.message}`));
  if (command === "close" && fields === true) break;
}
COMMANDS.close(true);
process.stdin.destroy();
// Where a network was away for a minute, the system goes on with connections that nobody wants any more for as long again.
if (process.env.HUBBUB_FAULTS_INSIDE) setTimeout(() => process.exit(), 2_000).unref();
