/**
 * What somebody did with a notification, as the worker tells it: opened it, replied in it, or had it read. The worker hears
 * back whether this page has done it, and does it itself otherwise. Before it shows one, it asks whether the room is looked at, or, for a
 * reminder or a visitor who waits, whether there is a page that shows it. To a note nobody replies from here: the visitor would read it.
 *
 * @param {object} client
 * @param {MessageEvent} event
 * @param {{open: (place: {room: number, seq: number, write?: boolean, visitor?: boolean}) => void}} around
 */
export function answer(client, { data, ports }, { open }) {
  const { hubbub, user, room, seq, message, direct, text, reminder, visitor, note } = data ?? {};
  if (!hubbub) return;
  // Who answers visitors need not be in the room yet.
  const known = user === client.me.id && client.phase === "ready" && (visitor === true || Boolean(client.rooms.get(room)));
  const mine = known && !(hubbub === "reply" && note === true);
  if (hubbub === "looked") {
    ports?.[0]?.postMessage(mine && (reminder === true || visitor === true || client.current?.id === room));
    return;
  }
  if (hubbub === "open" && mine) open({ room, seq, visitor });
  else if (hubbub === "write" && mine) open({ room, seq, write: true });
  else if (hubbub === "reply" && mine) {
    client.send(room, text, { replyTo: direct ? null : message });
    client.reads.markRead(room);
  } else if (hubbub === "read" && mine) client.reads.markRead(room);
  ports?.[0]?.postMessage(mine);
}
