import { own } from "./own-emoji.js";

/**
 * What the server tells, handed to the models. Facts that come before `welcome` wait for it: they may be about changes which
 * came after the heads in it were read, and would else be taken for known.
 */
export class Facts {
  #client;
  #sync;
  #welcomed;
  #early = [];
  #ready = false;

  /**
   * @param {object} client
   * @param {{sync: import("./sync.js").Sync, welcomed: (welcome: object) => void}} parts
   */
  constructor(client, { sync, welcomed }) {
    this.#client = client;
    this.#sync = sync;
    this.#welcomed = welcomed;
  }

  heard(name, payload) {
    if (name === "welcome") return this.#begin(payload);
    if (!this.#ready && name !== "session_ended" && name !== "notice") {
      this.#early.push([name, payload]);
      return;
    }
    HANDLERS[name]?.(this.#client, payload, this.#sync);
  }

  /** The connection is gone. */
  lost() {
    this.#ready = false;
    this.#early = [];
  }

  #begin(welcome) {
    this.#ready = true;
    this.#welcomed(welcome);
    const early = this.#early;
    this.#early = [];
    for (const [name, payload] of early) this.heard(name, payload);
  }
}

const HANDLERS = {
  message_new: offerMessage,
  message_changed: offerMessage,
  called: (client, fact) => client.called.heard(fact),
  room_changed: (client, { room, rev }) => client.rooms.get(room.id)?.offerChange(rev, room),
  room_added(client, { room: wire }, sync) {
    const { room, behind } = client.rooms.put(wire);
    if (behind) sync.ask(room);
    client.inbox.reload();
    client.saved.missed();
    if (client.wanted === room.id) client.open(room.id);
  },
  room_own: (client, { room, involvement, starred }) => client.rooms.get(room)?.heardOwn({ involvement, starred }),
  room_removed: (client, { room, reason }) => client.removed(room, reason),
  members_changed(client, { room, members, member_count: count }) {
    client.people.put(...members.map((member) => member.user));
    client.rooms.get(room)?.heardMembers(members, count);
  },
  user_changed: (client, { user }) => client.people.put(user),
  emoji_changed: (client, fact) => own.heard(fact),
  saved_changed: (client, fact) => client.saved.heard(fact),
  reminders_changed: (client, fact) => client.saved.heardReminders(fact),
  scheduled_changed: (client, fact) => client.heardScheduled(fact.rev, fact),
  report_changed: (client, { report }) => client.emit("report", report),
  sanctions_changed: (client, { sanctions }) => client.sanctions.heard(sanctions),
  room_sanctions_changed: (client, { room }) => client.emit("room-sanctions", room),
  help_queue_changed: (client, fact) => client.emit("help", fact),
  density_changed: (client, { density }) => client.choices.heard({ density }),
  sections_changed: (client, { sections }) => client.sections.heard(sections),
  quiet_changed: (client, { hours }) => client.choices.heard({ quietHours: hours }),
  words_changed: (client, { words }) => client.choices.heard({ words }),
  presence: (client, { users }) => client.presence.heard(users),
  typing: (client, fact) => client.typing.heard(fact),
  read: (client, fact) => client.rooms.get(fact.room)?.heardRead(fact),
  heads(client, { rooms }, sync) {
    for (const [id, head] of Object.entries(rooms)) {
      const room = client.rooms.get(Number(id));
      if (room && head.rev > room.rev) sync.ask(room, { urgent: room === client.current });
    }
  },
  announcement: (client, announcement) => client.announcement.heard(announcement),
  session_ended: (client, { reason }) => client.ended(reason),
  notice: (client, notice) => client.emit("notice", notice),
};

function offerMessage(client, { room, rev, message }) {
  client.rooms.get(room)?.offerMessage(rev, message);
}
