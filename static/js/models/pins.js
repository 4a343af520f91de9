import { Emitter } from "../lib/emitter.js";

/** A room's pinned messages, the last pinned first; kept right by what the room hears of its messages. Event: "change". */
export class Pins extends Emitter {
  #room;
  #request;
  #turn = 0;
  /** By id, the last change that is known of what is or was pinned: an older page must not bring it back. */
  #revs = new Map();
  /** What was heard while the list was on its way. */
  #late = [];

  list = [];
  loaded = false;
  loading = false;
  error = null;

  /**
   * @param {number} room
   * @param {(name: string, payload: object) => Promise<any>} request
   */
  constructor(room, request) {
    super();
    this.#room = room;
    this.#request = request;
  }

  async load() {
    const turn = (this.#turn += 1);
    this.loading = true;
    this.error = null;
    this.#late = [];
    try {
      const { messages } = await this.#request("pin_list", { room: this.#room });
      if (turn !== this.#turn) return;
      this.#take(messages);
    } catch (error) {
      if (turn !== this.#turn) return;
      this.error = error;
    }
    this.loading = false;
    this.emit("change");
  }

  /** Read it again where it was read before: something may have been missed. */
  reload() {
    if (this.loaded || this.loading || this.error) this.load();
  }

  /** Messages as they are now, or were when a page of them was read. */
  heard(messages) {
    if (this.loading) this.#late.push(...messages);
    if (this.loaded && this.#merge(messages)) this.emit("change");
  }

  #take(messages) {
    this.list = messages;
    this.#revs = new Map(messages.map((message) => [message.id, message.rev]));
    this.loaded = true;
    this.#merge(this.#late);
    this.#late = [];
  }

  /** @returns {boolean} whether that changed anything */
  #merge(messages) {
    const before = this.list;
    for (const message of messages) {
      const known = this.#revs.get(message.id);
      if (known === undefined ? !message.pinned : known >= message.rev) continue;
      this.#revs.set(message.id, message.rev);
      const at = this.list.findIndex((pinned) => pinned.id === message.id);
      if (at < 0) this.list = message.pinned ? [message, ...this.list] : this.list;
      else this.list = message.pinned ? this.list.with(at, message) : this.list.toSpliced(at, 1);
    }
    return this.list !== before;
  }
}
