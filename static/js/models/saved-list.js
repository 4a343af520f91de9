import { Listing } from "./listing.js";

const PAGE = 50;

/**
 * The messages that I have saved for later, the last saved first; kept right, while it is looked at, by what is told of my list and
 * by what the rooms hear of their messages. Event: "change".
 */
export class SavedList extends Listing {
  #saved;
  #rooms;

  /** @type {object[] | null} null before it was read */
  list = null;
  /** @type {number | null} where the next page begins */
  next = null;

  /**
   * @param {object} options
   * @param {import("./saved.js").Saved} options.saved
   * @param {import("./rooms.js").Rooms} options.rooms
   */
  constructor({ saved, rooms }) {
    super();
    this.#saved = saved;
    this.#rooms = rooms;
  }

  /** What is in rooms that I am in; what is in others comes back with them. */
  get shown() {
    return this.list?.filter((message) => this.#rooms.get(message.room)) ?? null;
  }

  /**
   * Somebody looks at it from now on: read what it has.
   *
   * @param {import("../lib/emitter.js").Emitter} client tells "messages"
   * @returns {() => void} how to stop
   */
  watch(client) {
    const stops = [
      client.on("messages", (messages) => this.heard(messages.map((message) => ({ message })))),
      this.#saved.on("told", (change) => this.heard([change])),
      this.#saved.on("missed", () => this.reload()),
      () => this.drop(),
    ];
    this.load();
    return () => stops.forEach((stop) => stop());
  }

  load() {
    this.next = null;
    return this.#page(null);
  }

  /** The next page, where there is one. */
  async more() {
    if (this.next && !this.loading && !this.error) await this.#page(this.next);
  }

  /** @returns {boolean} whether that changed anything */
  merge(changes) {
    const before = this.list;
    for (const { added, removed, message } of changes) {
      if (added && !this.list.some((listed) => listed.id === added.id)) this.list = [added, ...this.list];
      else if (removed) this.#remove(removed);
      else if (message) this.#update(message);
    }
    return this.list !== before;
  }

  #page(before) {
    return this.read(() => this.#saved.page(before, PAGE), ({ messages, next = null }) => {
      const known = new Set(before ? this.list.map((listed) => listed.id) : []);
      this.next = next;
      this.list = before ? [...this.list, ...messages.filter(({ id }) => !known.has(id))] : messages;
    });
  }

  #update(message) {
    if (message.deleted) return this.#remove(message.id);
    const at = this.list.findIndex((listed) => listed.id === message.id);
    if (at >= 0 && this.list[at].rev < message.rev) this.list = this.list.with(at, message);
  }

  #remove(id) {
    if (this.list.some((listed) => listed.id === id)) this.list = this.list.filter((listed) => listed.id !== id);
  }
}
