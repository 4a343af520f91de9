/** What a page keeps for the next one, and how that one takes it up. */

/** Messages of a room that was open, the newest ones. */
const MESSAGES = 60;
/** Of the room that is open: enough for a reload to find the place of somebody who has scrolled back a little. */
const MESSAGES_HERE = 200;
const PEOPLE = 500;

/**
 * @param {object} client the `Client`
 * @param {import("./room.js").Room[]} recent the rooms that were open, the last one first
 * @returns {{epoch: string, rooms: string, common: () => object, timelines: object[]} | null} plain data, `rooms` the same as long as
 *   there are the same rooms; null while there is nothing worth keeping
 */
export function keep(client, recent) {
  if (client.epoch === null || client.phase !== "ready") return null;
  const { epoch, rooms } = client;
  const timelines = recent.filter((room) => room.timeline?.atEnd).map((room) => ({
    room: room.toWire(),
    rev: room.rev,
    messages: room.timeline.messages.slice(room === client.current ? -MESSAGES_HERE : -MESSAGES),
  }));
  return { epoch, rooms: rooms.all.map((room) => room.id).join(" "), common: () => commonOf(client), timelines };
}

/** What all rooms share, and the list of them: of hundreds it takes a while. */
function commonOf({ epoch, me, limits, features, people, rooms, sections, saved }) {
  return { epoch, me, limits, features, users: people.known(PEOPLE), rooms: rooms.all.map((room) => room.toWire()), sections: sections.list, saved: saved.toKeep() };
}

/**
 * Put into the models what was kept. It is true as of the `rev` of each room; `welcome` and `room_sync` do the rest.
 *
 * @returns {import("./room.js").Room[]} the rooms whose messages are there, the last one first
 * @throws where it is damaged; what was put in until then is to be forgotten
 */
export function takeUp(client, { common, timelines }) {
  const { epoch, me, limits, features = [], users, rooms, sections = [], saved } = common;
  if (me.id !== client.me.id) throw new Error("somebody else's");
  // Who is here now is not known yet.
  client.people.put(...users.map((person) => ({ ...person, status: "offline" })));
  const wires = new Map(rooms.map((wire) => [wire.id, wire]));
  for (const { room } of timelines) {
    // Another tab may have kept the room later than the list of all rooms, with counts that go with its messages.
    if (room.head.rev > (wires.get(room.id)?.head.rev ?? Infinity)) wires.set(room.id, room);
  }
  client.sections.heard(sections);
  client.rooms.replace([...wires.values()]);
  const shown = timelines.filter(({ room }) => wires.has(room.id));
  for (const { room, rev, messages } of shown) {
    if (messages.some((message, place) => message.seq !== messages[0].seq + place)) throw new Error("messages with a hole");
    for (const message of messages) if (message.called) client.called.heard({ message: message.id, rev: message.rev, on: true });
    client.rooms.get(room.id).restore(messages, rev);
  }
  client.epoch = epoch;
  client.me = me;
  // What an earlier build has kept may lack one.
  client.limits = { ...client.limits, ...limits };
  client.features = features;
  client.saved.takeUp(saved);
  return shown.map(({ room }) => client.rooms.get(room.id));
}
