/** A whole client on a `FakeServer`. Import "fake-indexeddb/auto" is done here: databases live as long as the test file. */
import "fake-indexeddb/auto";
import { mock } from "node:test";
import { createClient } from "../../static/js/models/client.js";
import { Database } from "../../static/js/models/database.js";
import { ANN, FakeDoor, FakePage, FakeServer, FakeSocket, FakeStorage, settle, until } from "./support.js";

/** A client that is ready. `surroundings` may be passed on to a second one, to reload the page or open another tab. */
export async function startClient(server, { person = ANN, surroundings = {}, open = null, wait = true } = {}) {
  const socket = new FakeSocket(server, person);
  const page = new FakePage();
  const storage = surroundings.storage ?? new FakeStorage();
  const signedOut = [];
  const client = createClient({
    boot: { user: person, server: "Test" },
    onSignedOut: (reason) => signedOut.push(reason),
    page, socket,
    database: new Database({ user: `${person.id}-${surroundings.name ?? Math.random()}` }),
    storage,
    door: surroundings.door ?? new FakeDoor(server),
    locks: surroundings.locks,
    channel: surroundings.channel ?? null,
    random: () => 0.5,
  });
  if (surroundings.reachable === false) socket.reachable = false;
  socket.refusal = surroundings.refusal ?? null;
  if (open) client.open(open);
  const started = client.start();
  if (wait) {
    await started;
    if (socket.reachable) await until("welcome", () => client.connection.connected && client.phase === "ready" && client.epoch);
    if (open) await until("timeline", () => client.current?.timeline.loaded || !socket.reachable);
  }
  return { client, socket, page, storage, signedOut, room: open ? client.rooms.get(open) : null, started };
}

export const texts = (room) => room.timeline.messages.map((message) => message.text);

/** A server for one test, whose time passes by `tick` alone. */
export function serverWithTwoRooms() {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
  const server = new FakeServer();
  server.addRoom(1);
  server.addRoom(2);
  return server;
}

export async function tick(ms) {
  mock.timers.tick(ms);
  await settle();
}
