import { Emitter } from "../lib/emitter.js";

const RECENT = 8;
const PAGE = 20;

/** The query without the rooms that it is narrowed to. */
export const everywhere = (query) => query.replace(/(^|\s)in[:：]("[^"]*"|\S*)/gi, " ").trim();

/** Whether there is nothing to look for: a place alone is not enough. */
export const isIdle = (query) => everywhere(query) === "";

/** Whether its last word is an operator that still lacks something; nobody should be told so while they type it. */
export const isUnfinished = (query) =>
  /(^|\s)(?:(?:from|in)[:：][@#]?|has[:：](?!(?:file|link)$)\S*|(?:before|after)[:：](?!\d{4}-\d\d-\d\d$)\S*)$/i.test(query);

/**
 * What is wrong with a query that the server has refused, as the end of a text's key: `search.wrong.…`.
 *
 * @returns {"day" | "has" | "value" | "words"}
 */
export function problemOf(query) {
  if (/(^|\s)(?:before|after)[:：](?!\d{4}-\d\d-\d\d(\s|$))/i.test(query)) return "day";
  if (/(^|\s)has[:：](?!(?:file|link)(\s|$))/i.test(query)) return "has";
  if (/(^|\s)(?:from|in)[:：](\s|$)/i.test(query)) return "value";
  // A day that no calendar has looks like one.
  return /(^|\s)(?:before|after)[:：]/i.test(query) ? "day" : "words";
}

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
    let found = 0;
    try {
      // The server stops looking after a moment; a short or empty page with a `next` is not the last.
      do found += await this.#fetch(turn);
      while (turn === this.#turn && this.next && found < PAGE);
      if (turn === this.#turn) this.#settle(null);
    } catch (error) {
      if (turn !== this.#turn) return;
      if (!this.next) this.hits = null;
      this.#settle(error);
      // Told when to come back, it does.
      if (error.retryAfter) this.#timer = setTimeout(() => this.retry(), error.retryAfter * 1000);
    }
  }

  /** @returns {Promise<number>} how many more were found */
  async #fetch(turn) {
    const before = this.next;
    const place = { ...(this.room && { room: this.room }), ...(before && { before }) };
    const { hits, next = null } = await this.#request("search", { query: this.query, limit: PAGE, ...place });
    if (turn !== this.#turn) return 0;
    this.hits = before ? [...(this.hits ?? []), ...hits] : hits;
    this.next = next;
    if (hits.length) this.emit("change");
    return hits.length;
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
