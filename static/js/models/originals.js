import { Emitter } from "../lib/emitter.js";

const GATHER = 16;
const BATCH = 100;
const KEPT = 500;

/**
 * The messages that replies answer. Those that are not loaded are fetched, all of a moment together, and kept as long as they
 * are among the last few hundred asked for. Event: "change".
 */
export class Originals extends Emitter {
  #request;
  #loaded;
  /** By id; null for what is not there for me. */
  #known = new Map();
  #wanted = new Set();
  #asked = new Set();
  #timer = null;

  /**
   * @param {(name: string, payload: object) => Promise<any>} request
   * @param {(id: number) => object | undefined} loaded finds a message in what is loaded
   */
  constructor(request, loaded) {
    super();
    this.#request = request;
    this.#loaded = loaded;
  }

  /** @returns {object | null | undefined} null where it is not there for me, undefined until that is known */
  get(id) {
    if (this.#known.has(id)) return this.#known.get(id);
    const message = this.#loaded(id);
    if (message) this.#keep(id, message);
    else this.#fetchSoon(id);
    return message;
  }

  /** Messages as they are now, or were when a page of them was read. */
  heard(messages) {
    let changed = false;
    for (const message of messages) {
      const known = this.#known.get(message.id);
      if (known === undefined || (known && known.rev >= message.rev)) continue;
      this.#known.set(message.id, message);
      changed = true;
    }
    if (changed) this.emit("change");
  }

  /** Ask again for what no answer came for; after a reconnect. */
  retry() {
    for (const id of this.#asked) this.#wanted.add(id);
    this.#asked.clear();
    this.#soon();
  }

  clear() {
    this.#known.clear();
    this.#wanted.clear();
    this.emit("change");
  }

  #fetchSoon(id) {
    if (this.#asked.has(id)) return;
    this.#wanted.add(id);
    this.#soon();
  }

  #soon() {
    if (this.#wanted.size) this.#timer ??= setTimeout(() => this.#fetch(), GATHER);
  }

  async #fetch() {
    this.#timer = null;
    const ids = [...this.#wanted].slice(0, BATCH);
    if (!ids.length) return;
    for (const id of ids) {
      this.#wanted.delete(id);
      this.#asked.add(id);
    }
    this.#soon();
    try {
      const { messages } = await this.#request("message_get", { messages: ids });
      const found = new Map(messages.map((message) => [message.id, message]));
      for (const id of ids) {
        this.#asked.delete(id);
        this.#keep(id, found.get(id) ?? null);
      }
      this.emit("change");
    } catch {
      // `retry` comes with the next connection; until then the place is held.
    }
  }

  #keep(id, message) {
    const known = this.#known.get(id);
    if (known && message && known.rev > message.rev) return;
    this.#known.set(id, message);
    if (this.#known.size > KEPT) this.#known.delete(this.#known.keys().next().value);
  }
}
