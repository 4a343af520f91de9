import { Emitter } from "../lib/emitter.js";

const RECENT = 8;
const PAGE = 20;

/** Whether there is anything to look for: a place alone is none. */
export const isIdle = (query) => query.replace(/(^|\s)in:("[^"]*"|\S*)/gi, " ").trim() === "";

/**
 * A search among messages: what was asked, what was found, and what was asked before. It lives as long as the page, so that
 * its results are still there when one of them has been looked at. Events: "change".
 */
export class Search extends Emitter {
  #request;
  #storage;
  #key;
  #turn = 0;
  #timer = null;

  query = "";
  /** The id of the one room to search, for a conversation, which has no name to write. */
  room = null;
  /** @type {{message: object, excerpt: string[]}[] | null} the newest first; null before anything was asked */
  hits = null;
  /** @type {number | null} where the next page begins */
  next = null;
  loading = false;
  error = null;
  /** The message of the hit that was looked at last. */
  seen = null;

  /**
   * @param {object} options
   * @param {(name: string, payload: object) => Promise<any>} options.request
   * @param {Storage | null} options.storage
   * @param {number} options.user
   */
  constructor({ request, storage, user }) {
    super();
    this.#request = request;
    this.#storage = storage;
    this.#key = `hubbub.searches.${user}`;
  }

  /** Look for `query`; nothing to look for empties the results. Settles when there is an answer, or a newer question. */
  async ask(query, { room = null } = {}) {
    this.query = query.trim();
    this.room = room;
    this.next = null;
    this.seen = null;
    // Until the answer comes, what was found before stands.
    if (!isIdle(this.query)) return this.#page();
    this.#turn += 1;
    this.hits = null;
    this.#settle(null);
  }

  /** The next page, where there is one. */
  async more() {
    if (this.next && !this.loading) await this.#page();
  }

  /** Ask again what failed. */
  async retry() {
    if (this.error && !this.loading) await this.#page();
  }

  /** What I asked for before, the last first. @returns {string[]} */
  get recent() {
    try {
      const kept = JSON.parse(this.#storage?.getItem(this.#key) ?? "[]");
      return Array.isArray(kept) ? kept.filter((query) => typeof query === "string").slice(0, RECENT) : [];
    } catch {
      return [];
    }
  }

  /** The question was meant: offer it again another time. */
  remember() {
    if (isIdle(this.query)) return;
    this.#keep([this.query, ...this.recent.filter((query) => query !== this.query)].slice(0, RECENT));
  }

  forget() {
    this.#keep([]);
  }

  /** One of the hits is looked at. */
  look(hit) {
    this.seen = hit.message.id;
    this.remember();
    this.emit("change");
  }

  async #page() {
    const turn = (this.#turn += 1);
    clearTimeout(this.#timer);
    this.loading = true;
    this.error = null;
    this.emit("change");
    const payload = { query: this.query, limit: PAGE, ...(this.room && { room: this.room }), ...(this.next && { before: this.next }) };
    try {
      const { hits, next = null } = await this.#request("search", payload);
      if (turn !== this.#turn) return;
      this.hits = payload.before ? [...this.hits, ...hits] : hits;
      this.next = next;
      this.#settle(null);
    } catch (error) {
      if (turn !== this.#turn) return;
      if (!payload.before) this.hits = null;
      this.#settle(error);
      // Told when to come back, it does.
      if (error.retryAfter) this.#timer = setTimeout(() => this.retry(), error.retryAfter * 1000);
    }
  }

  #settle(error) {
    clearTimeout(this.#timer);
    this.loading = false;
    this.error = error;
    this.emit("change");
  }

  #keep(queries) {
    try {
      if (queries.length) this.#storage?.setItem(this.#key, JSON.stringify(queries));
      else this.#storage?.removeItem(this.#key);
    } catch {
      // Refused or full: then there are none.
    }
    this.emit("change");
  }
}
