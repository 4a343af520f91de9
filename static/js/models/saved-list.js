import { Listing } from "./listing.js";

const PAGE = 50;

/**
 * The messages that I have saved for later, the last saved first, and before them those whose reminder has come; kept right, while it is looked at, by what is told of my list and
 * by what the rooms hear of their messages. Event: "change".
 */
export class SavedList extends Listing {
  #saved;
  #rooms;
  /** Those whose reminder has come, wherever in the list they are. */
  #due = [];

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
    if (!this.list) return null;
    const due = this.#due.filter(({ id }) => this.isDue(id)).sort((one, other) => this.#at(other).localeCompare(this.#at(one)));
    return [...due, ...this.list.filter((message) => !due.some(({ id }) => id === message.id))].filter((message) => this.#rooms.get(message.room));
  }

  /** Whether its reminder has come, and is neither done nor put off. */
  isDue(id) {
    return ["due", "seen"].includes(this.#saved.reminder(id)?.state);
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
    const [before, dueBefore] = [this.list, this.#due];
    for (const { added, removed, due, message } of changes) {
      if (due) this.#due = [due, ...this.#due.filter(({ id }) => id !== due.id)];
      if (added && !this.list.some((listed) => listed.id === added.id)) this.list = [added, ...this.list];
      else if (removed) this.#remove(removed);
      else if (message) this.#update(message);
    }
    return this.list !== before || this.#due !== dueBefore;
  }

  #at({ id }) {
    return this.#saved.reminder(id).at;
  }

  #page(before) {
    return this.read(() => this.#saved.page(before, PAGE), ({ messages, next = null, due = [] }) => {
      if (!before) this.#due = due;
      const known = new Set(before ? this.list.map((listed) => listed.id) : []);
      this.next = next;
      this.list = before ? [...this.list, ...messages.filter(({ id }) => !known.has(id))] : messages;
    });
  }

  #update(message) {
    if (message.deleted) return this.#remove(message.id);
    this.list = updated(this.list, message);
    this.#due = updated(this.#due, message);
  }

  #remove(id) {
    this.list = without(this.list, id);
    this.#due = without(this.#due, id);
  }
}

/** The same list where that changes nothing. */
function updated(list, message) {
  const at = list.findIndex((listed) => listed.id === message.id);
  return at >= 0 && list[at].rev < message.rev ? list.with(at, message) : list;
}

const without = (list, id) => (list.some((listed) => listed.id === id) ? list.filter((listed) => listed.id !== id) : list);
