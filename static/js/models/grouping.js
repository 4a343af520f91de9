import { dayKey } from "../lib/time.js";

const GROUP = 5 * 60_000;

/**
 * The rows of a conversation: messages with day pills, groups by author, the "New" line and the marker of the beginning.
 * A row's `key` stays the same from the pending message to the stored one.
 *
 * @param {object} room
 * @param {object[]} room.messages by rising seq
 * @param {import("./outbox.js").Entry[]} [room.entries] what is on its way
 * @param {{id: number}} room.me
 * @param {number | null} [room.newAfter] the "New" line goes before the first foreign message after this seq
 * @param {boolean} [room.start] whether nothing comes before the first message
 */
export function rows({ messages, entries = [], me, newAfter = null, start = false }) {
  const made = [];
  let day = null;
  let head = null;
  /** Whether the row before is for agents alone. */
  let among = false;
  let marked = newAfter === null;
  if (start) made.push({ type: "start", key: "start" });

  const newDay = (iso) => {
    const key = dayKey(iso);
    // Never back: clocks may differ by a little around midnight.
    if (day !== null && key <= day) return;
    day = key;
    head = null;
    made.push({ type: "day", key: `day-${key}`, date: iso });
  };
  // The group's first message counts, so that a long monologue still shows the time every five minutes.
  const opensGroup = (author, iso) => {
    const at = Date.parse(iso);
    if (head && head.author === author && at - head.at < GROUP) return false;
    head = { author, at };
    return true;
  };

  for (const message of messages) {
    newDay(message.created_at);
    if (!marked && message.seq > newAfter && message.author.id !== me.id) {
      marked = true;
      head = null;
      made.push({ type: "new", key: "new" });
    }
    const key = keyOf(message, me);
    if (message.kind === "system") {
      head = null;
      made.push({ type: "system", key, message });
    } else {
      // A reply begins a group, because its quote stands between the name and the text; so does what is for others than what was said before.
      if (message.reply_to || (message.kind === "note") !== among) head = null;
      among = message.kind === "note";
      made.push({ type: "message", key, first: opensGroup(message.author.id, message.created_at), message });
    }
  }
  for (const entry of entries) {
    newDay(entry.createdAt);
    if (entry.replyTo || Boolean(entry.note) !== among) head = null;
    among = Boolean(entry.note);
    made.push({ type: "pending", key: `mine-${entry.cid}`, first: opensGroup(me.id, entry.createdAt), entry });
  }
  return made;
}

function keyOf(message, me) {
  return message.author.id === me.id && message.cid ? `mine-${message.cid}` : `seq-${message.seq}`;
}
