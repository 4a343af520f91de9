import { Emitter } from "../lib/emitter.js";

const GATHER = 25;
const BATCH = 100;

/** Everybody that this page has heard of, looked up in batches by id where it has not. */
export class People extends Emitter {
  #request;
  #known = new Map();
  #wanted = new Set();
  #asked = new Set();
  #timer = null;

  /** @param {(name: string, payload: object) => Promise<any>} request */
  constructor(request) {
    super();
    this.#request = request;
  }

  /** The user, or a placeholder while they are being looked up; "change" comes when they are known. */
  get(id) {
    const user = this.#known.get(id);
    if (user) return user;
    this.#look(id);
    return { id, username: "", name: "", unknown: true };
  }

  /** An author as a message carries it, in the freshest form. */
  author(author) {
    return this.#known.get(author.id) ?? author;
  }

  /** Up to `most` of them, those heard of last. */
  known(most) {
    return [...this.#known.values()].slice(-most);
  }

  put(...users) {
    if (users.length === 0) return;
    for (const user of users) {
      this.#known.delete(user.id);
      this.#known.set(user.id, user);
      this.#wanted.delete(user.id);
    }
    this.emit("put", users);
    this.emit("change");
  }

  /** @returns {Promise<object[]>} people with `query` in their name */
  async find(query, limit = 20) {
    const { users } = await this.#request("user_list", { query, limit });
    this.put(...users);
    return users;
  }

  /**
   * What somebody tells of themselves.
   *
   * @returns {Promise<{about: string, time_zone: string | null, rooms: number}>}
   */
  async profile(id) {
    const { user, ...profile } = await this.#request("user_profile", { user: id });
    // Only what is news is told: whoever asks again when something changes would else ask for ever.
    if (JSON.stringify(user) !== JSON.stringify(this.#known.get(id))) this.put(user);
    return profile;
  }

  /** Ask again for whom no answer came; after a reconnect. */
  retry() {
    this.#asked.clear();
    if (this.#wanted.size) this.#soon();
  }

  #look(id) {
    if (this.#asked.has(id)) return;
    this.#wanted.add(id);
    this.#soon();
  }

  #soon() {
    this.#timer ??= setTimeout(() => this.#fetch(), GATHER);
  }

  async #fetch() {
    this.#timer = null;
    const ids = [...this.#wanted].filter((id) => !this.#asked.has(id)).slice(0, BATCH);
    if (ids.length === 0) return;
    for (const id of ids) this.#asked.add(id);
    try {
      const { users } = await this.#request("user_list", { ids });
      this.put(...users);
      if (this.#wanted.size) this.#soon();
    } catch {
      // `retry` comes with the next connection; until then the placeholder stands.
    }
  }
}
