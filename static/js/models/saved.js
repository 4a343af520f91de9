import { Emitter } from "../lib/emitter.js";

/**
 * Which messages I have saved for later, for the marks beside them; who shows the list itself reads it page by page. Events: "change"
 * (the marks), "told" {added, removed} of what the server has told, "missed": a list that was read may not be right any more.
 */
export class Saved extends Emitter {
  #request;
  #ids = new Set();
  /** How often my list had changed when these were its ids, and how often it has changed as far as was told. */
  #rev = 0;
  #told = 0;
  #loading = null;

  /** @param {(name: string, payload: object) => Promise<any>} request */
  constructor(request) {
    super();
    this.#request = request;
  }

  has(id) {
    return this.#ids.has(id);
  }

  async set(message, on) {
    await this.#request("saved_set", { message: message.id, on });
  }

  /** @returns {Promise<{messages: object[], next?: number}>} a page of the list, the last saved first */
  page(before, limit) {
    return this.#request("saved_list", { limit, ...(before && { before }) });
  }

  /** `welcome` says how often the list has changed: what was kept from an earlier visit may still be right. */
  welcomed(rev = 0) {
    this.#told = rev;
    if (rev !== this.#rev) this.#load();
    this.missed();
  }

  /** The fact `saved_changed`. */
  heard({ rev, added = null, removed = null }) {
    this.#told = Math.max(this.#told, rev);
    if (rev === this.#rev + 1) {
      this.#rev = rev;
      if (added) this.#ids.add(added.id);
      else this.#ids.delete(removed);
      this.emit("change");
    } else if (rev > this.#rev) {
      this.#load();
    }
    this.emit("told", { added, removed });
  }

  /** I have come into a room, perhaps back to what I saved in it; or something was missed. */
  missed() {
    this.emit("missed");
  }

  /** What the next page can begin with. */
  toKeep() {
    return { rev: this.#rev, ids: [...this.#ids] };
  }

  takeUp({ rev, ids } = { rev: 0, ids: [] }) {
    this.#rev = rev;
    this.#ids = new Set(ids);
    this.emit("change");
  }

  async #load() {
    this.#loading ??= this.#read();
    await this.#loading;
  }

  async #read() {
    try {
      const { rev, messages } = await this.#request("saved_ids", {});
      this.takeUp({ rev, ids: messages });
    } catch {
      // The next connection asks again.
      this.#told = this.#rev;
    }
    this.#loading = null;
    // What was told meanwhile, the answer may not know yet.
    if (this.#told > this.#rev) this.#load();
  }
}
