import { Emitter } from "../lib/emitter.js";

/**
 * Which messages I have saved for later, for the marks beside them, and when I am reminded of them; who shows the list itself reads it
 * page by page. Events: "change" (the marks), "told" {added, removed, due} of what the server has told, "reminded" {message}, "missed": a
 * list that was read may not be right any more.
 */
export class Saved extends Emitter {
  #request;
  #ids = new Set();
  /** Message -> {message, room, at, state}. */
  #reminders = new Map();
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

  /** Whether this is how it stands, as far as was told. */
  get known() {
    return this.#rev === this.#told;
  }

  reminder(id) {
    return this.#reminders.get(id) ?? null;
  }

  /** Those that have come and that I have not looked at. @param {import("./rooms.js").Rooms} rooms those that I am in */
  due(rooms) {
    return [...this.#reminders.values()].filter(({ room, state }) => state === "due" && rooms.get(room));
  }

  /** @param {Date | null} at null: no more */
  async remind(message, at) {
    await this.#request("reminder_set", { message: message.id, at: at && at.toISOString() });
  }

  /** I have looked at those that have come. */
  async see() {
    await this.#request("reminders_seen", {});
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
    this.#follow(rev, () => {
      if (added) this.#ids.add(added.id);
      else this.#ids.delete(removed);
      this.#reminders.delete(removed);
    });
    this.emit("told", { added, removed });
  }

  /** The fact `reminders_changed`. */
  heardReminders({ rev, changed = [], removed, message: due }) {
    this.#follow(rev, () => {
      for (const reminder of changed) this.#reminders.set(reminder.message, reminder);
      this.#reminders.delete(removed);
    });
    if (!due) return;
    this.emit("told", { due });
    this.emit("reminded", { message: due });
  }

  /** I have come into a room, perhaps back to what I saved in it; or something was missed. */
  missed() {
    this.emit("missed");
  }

  /** What the next page can begin with. */
  toKeep() {
    return { rev: this.#rev, ids: [...this.#ids], reminders: [...this.#reminders.values()] };
  }

  takeUp({ rev, ids, reminders = [] } = { rev: 0, ids: [] }) {
    this.#rev = rev;
    this.#ids = new Set(ids);
    this.#reminders = new Map(reminders.map((reminder) => [reminder.message, reminder]));
    this.emit("change");
  }

  #follow(rev, apply) {
    this.#told = Math.max(this.#told, rev);
    if (rev > this.#rev + 1) this.#load();
    if (rev !== this.#rev + 1) return;
    this.#rev = rev;
    apply();
    this.emit("change");
  }

  async #load() {
    this.#loading ??= this.#read();
    await this.#loading;
  }

  async #read() {
    try {
      const { rev, messages, reminders } = await this.#request("saved_ids", {});
      this.takeUp({ rev, ids: messages, reminders });
    } catch {
      // The next connection asks again.
      this.#told = this.#rev;
    }
    this.#loading = null;
    // What was told meanwhile, the answer may not know yet.
    if (this.#told > this.#rev) this.#load();
  }
}
