import { Emitter } from "../lib/emitter.js";

const OFFLINE_AFTER = 5_000;

/**
 * Who is here. Going offline is shown five seconds late, so that nobody flickers while they reload or change networks.
 */
export class Presence extends Emitter {
  #shown = new Map();
  #leaving = new Map();
  #me;

  /** @param {() => number} me the id of whoever uses this page */
  constructor(me) {
    super();
    this.#me = me;
  }

  statusOf(id) {
    return this.#shown.get(id) ?? "offline";
  }

  get mine() {
    return this.statusOf(this.#me());
  }

  /** The fact `presence`. @param {Record<string, string>} users status by id */
  heard(users) {
    let changed = false;
    for (const [id, status] of Object.entries(users)) changed = this.#set(Number(id), status) || changed;
    if (changed) this.emit("change");
  }

  /** Statuses that came with users; a first word about somebody is shown at once. */
  learned(users) {
    this.heard(Object.fromEntries(users.filter((user) => user.status).map((user) => [user.id, user.status])));
  }

  #set(id, status) {
    const shown = this.#shown.get(id);
    if (status === "offline" && shown && shown !== "offline") {
      if (!this.#leaving.has(id)) this.#leaving.set(id, setTimeout(() => this.#left(id), OFFLINE_AFTER));
      return false;
    }
    clearTimeout(this.#leaving.get(id));
    this.#leaving.delete(id);
    if (shown === status) return false;
    this.#shown.set(id, status);
    return true;
  }

  #left(id) {
    this.#leaving.delete(id);
    this.#shown.set(id, "offline");
    this.emit("change");
  }
}
