import { answers, calls } from "./counts.js";
import { Listing } from "./listing.js";

const PAGE = 50;

/**
 * What calls or answers me in all my rooms, the newest first; kept right, while it is looked at, by what the rooms hear of their
 * messages. What of it is unread, the rooms know. Event: "change".
 */
export class Inbox extends Listing {
  #request;
  #rooms;
  #me;
  #reads;
  #watched = false;

  /** @type {"asking" | "saved" | "scheduled"} which list the panel shows: this one, what I have saved, or what I send later */
  tab = "asking";
  /** @type {"all" | "mentions" | "replies"} */
  kind = "all";
  /** @type {object[] | null} messages; null before they were read */
  list = null;
  /** @type {number | null} where the next page begins */
  next = null;

  /**
   * @param {object} options
   * @param {(name: string, payload: object) => Promise<any>} options.request
   * @param {import("./rooms.js").Rooms} options.rooms
   * @param {import("./reads.js").Reads} options.reads
   * @param {() => number} options.me
   */
  constructor({ request, rooms, reads, me }) {
    super();
    this.#request = request;
    this.#rooms = rooms;
    this.#reads = reads;
    this.#me = me;
  }

  /** Somebody looks at it from now on: read what it has. Returns how to stop. */
  watch() {
    this.#watched = true;
    this.load();
    return () => {
      this.#watched = false;
      this.drop();
    };
  }

  /** @param {"asking" | "saved" | "scheduled"} tab the list that the panel shows */
  show(tab) {
    this.tab = tab;
    this.emit("change");
  }

  /** @param {"all" | "mentions" | "replies"} kind */
  choose(kind) {
    if (kind === this.kind) return;
    this.kind = kind;
    this.list = null;
    this.loaded = false;
    this.load();
  }

  load() {
    this.next = null;
    return this.#page(null);
  }

  reload() {
    if (this.#watched) this.load();
  }

  /** The next page, where there is one. */
  async more() {
    if (this.next && !this.loading && !this.error) await this.#page(this.next);
  }

  heard(messages) {
    if (!this.#watched) return;
    if (!this.loading && messages.some((message) => this.#mayBeMine(message))) this.reload();
    super.heard(messages);
  }

  /** @returns {boolean} whether that changed anything */
  merge(messages) {
    const before = this.list;
    for (const message of messages) this.#take(message);
    return this.list !== before;
  }

  /** I am in this room no longer. */
  left(room) {
    if (!this.list?.some((message) => message.room === room)) return;
    this.list = this.list.filter((message) => message.room !== room);
    this.emit("change");
  }

  isUnread(message) {
    return message.seq > (this.#rooms.get(message.room)?.lastRead ?? Infinity);
  }

  /** I have read this message, and with it what was said in its room before. */
  markRead(message) {
    this.#reads.markUpTo(message.room, message.seq);
  }

  /**
   * Whatever calls or answers me is read, with all that was said in those rooms.
   *
   * @returns {() => void} takes that back
   */
  markAllRead() {
    const before = this.#rooms.all.filter((room) => room.mentions + room.replies > 0).map((room) => [room.id, room.lastRead]);
    for (const [id] of before) this.#reads.markRead(id);
    return () => {
      for (const [id, seq] of before) this.#reads.markUnread(id, seq + 1);
    };
  }

  #page(before) {
    return this.read((isWanted) => this.#found(before, isWanted), ({ messages, next }) => {
      this.next = next;
      this.list = before ? [...this.list, ...messages.filter((message) => !this.#has(message))] : messages;
    });
  }

  /** A page may be empty and not the last: it was about rooms that I have left. */
  async #found(before, isWanted) {
    let place = before;
    for (;;) {
      const { messages, next = null } = await this.#request("inbox_list", { kind: this.kind, limit: PAGE, ...(place && { before: place }) });
      if (messages.length || !next || !isWanted()) return { messages, next };
      place = next;
    }
  }

  /** Whom `@here` and `@room` call in a message that is there already, the server knows alone. */
  #mayBeMine(message) {
    const me = this.#me();
    if (!message.call || !message.edited_at || message.author.id === me || this.kind === "replies") return false;
    return !message.mentions.includes(me) && !this.list?.some((listed) => listed.id === message.id);
  }

  #has(message) {
    return this.list.some((listed) => listed.id === message.id);
  }

  #take(message) {
    const at = this.list.findIndex((listed) => listed.id === message.id);
    if (at >= 0) {
      if (this.list[at].rev >= message.rev) return;
      this.list = this.#wanted(message) ? this.list.with(at, message) : this.list.toSpliced(at, 1);
      return;
    }
    // What is older than all that was read comes with its page.
    if (!this.#wanted(message) || (this.next && message.id < this.next)) return;
    if (this.#mayBeMine(message)) return;
    const place = this.list.findIndex((listed) => listed.id < message.id);
    this.list = this.list.toSpliced(place < 0 ? this.list.length : place, 0, message);
  }

  #wanted(message) {
    const me = this.#me();
    if (message.deleted || message.kind === "system" || message.author.id === me || !this.#rooms.get(message.room)) return false;
    return (this.kind !== "replies" && calls(message, me)) || (this.kind !== "mentions" && answers(message, me));
  }
}
