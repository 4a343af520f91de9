import { newCid } from "../lib/cid.js";
import { Emitter } from "../lib/emitter.js";

const made = new WeakMap();

/** Those of a client: read when they are first asked for, and right from then on. */
export function scheduledOf(client) {
  if (!made.has(client)) made.set(client, new Scheduled(client));
  return made.get(client);
}

/** The messages that I have written to be sent later, the next one first. Loaded when writing is. Event: "change". */
export class Scheduled extends Emitter {
  #client;
  #rev = 0;
  #epoch = null;
  #loading = false;
  /** What was to be added and may have arrived: asked for again, it is the same. */
  #tried = null;

  /** @type {{id: number, room: number, text: string, at: string, reply_to?: number, error?: object}[]} */
  list = [];
  error = null;

  constructor(client) {
    super();
    this.#client = client;
    client.on("scheduled", (fact) => this.#heard(fact));
    this.#catchUp();
  }

  /** Whether it is known what there is. */
  get loaded() {
    const { epoch, scheduledRev } = this.#client;
    return this.#rev === scheduledRev && (this.#rev === 0 || this.#epoch === epoch);
  }

  of(room) {
    return this.list.filter((one) => one.room === room);
  }

  /** @param {{room: number, text: string, at: string, replyTo?: number | null}} message `at` in RFC 3339 */
  async add({ room, text, at, replyTo = null }) {
    const key = JSON.stringify([room, text, at, replyTo]);
    if (this.#tried?.key !== key) this.#tried = { key, cid: newCid() };
    const { scheduled } = await this.#client.request("scheduled_add", { room, text, at, reply_to: replyTo, cid: this.#tried.cid });
    this.#tried = null;
    return scheduled;
  }

  /** @param {{text?: string, at?: string}} change */
  async change({ id }, change) {
    await this.#client.request("scheduled_change", { id, ...change });
  }

  async remove({ id }) {
    await this.#client.request("scheduled_remove", { id });
  }

  async sendNow({ id }) {
    await this.#client.request("scheduled_send", { id });
  }

  async load() {
    if (this.#loading) return;
    this.#loading = true;
    this.error = null;
    try {
      const { rev, scheduled } = await this.#client.request("scheduled_list", {});
      this.#rev = rev;
      this.#epoch = this.#client.epoch;
      this.list = scheduled;
    } catch (error) {
      this.error = error;
    }
    this.#loading = false;
    this.emit("change");
    // What was told meanwhile, the answer may not know yet.
    if (!this.error && this.#client.scheduledRev > this.#rev) this.load();
  }

  #catchUp() {
    if (!this.loaded) this.load();
  }

  /** @param {{rev: number, changed?: object, removed?: number} | null} fact null: a connection has begun */
  #heard(fact) {
    if (fact?.rev !== this.#rev + 1) return this.#catchUp();
    const { rev, changed, removed } = fact;
    this.#rev = rev;
    this.#epoch = this.#client.epoch;
    const others = this.list.filter(({ id }) => id !== (changed?.id ?? removed));
    this.list = changed ? [...others, changed].sort((one, other) => one.at.localeCompare(other.at) || one.id - other.id) : others;
    this.emit("change");
  }
}
