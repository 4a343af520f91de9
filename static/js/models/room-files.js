import { Emitter } from "../lib/emitter.js";

const PAGE = 50;

/**
 * The files of a room's messages, the newest first, a page at a time; kept right by what the room hears of its messages.
 * Event: "change".
 *
 * @typedef {{file: object, message: number, seq: number, author: number, created_at: string}} Entry
 */
export class RoomFiles extends Emitter {
  #room;
  #request;
  #turn = 0;
  #next = null;
  /** By message, the last change that is known: an older page must not bring back what is gone. */
  #revs = new Map();
  /** What was heard while a page was on its way. */
  #late = [];

  /** @type {Entry[]} */
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

  get hasMore() {
    return this.#next !== null;
  }

  /** Read the newest page, in place of what is there. */
  load() {
    return this.#read({});
  }

  /** Read the next page, or once more the one that did not come. */
  more() {
    if (!this.loaded) return this.load();
    return this.loading || !this.hasMore ? undefined : this.#read({ before: this.#next });
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

  async #read(place) {
    const turn = (this.#turn += 1);
    this.loading = true;
    this.error = null;
    this.#late = [];
    this.emit("change");
    try {
      const { files, next = null } = await this.#request("room_files", { room: this.#room, limit: PAGE, ...place });
      if (turn !== this.#turn) return;
      this.#take(files, next, place.before === undefined);
    } catch (error) {
      if (turn !== this.#turn) return;
      this.error = error;
    }
    this.loading = false;
    this.emit("change");
  }

  #take(files, next, first) {
    const known = new Set(first ? [] : this.list.map(keyOf));
    this.list = [...(first ? [] : this.list), ...files.filter((entry) => !known.has(keyOf(entry)))];
    this.#next = next;
    this.loaded = true;
    // It was heard once already, but the page may have brought back what it took away.
    for (const { id } of this.#late) this.#revs.delete(id);
    this.#merge(this.#late);
    this.#late = [];
  }

  /** @returns {boolean} whether that changed anything */
  #merge(messages) {
    const before = this.list;
    for (const message of messages) {
      if ((this.#revs.get(message.id) ?? 0) >= message.rev) continue;
      this.#revs.set(message.id, message.rev);
      const here = this.list.some((entry) => entry.message === message.id);
      if (!message.files.length && here) this.list = this.list.filter((entry) => entry.message !== message.id);
      else if (message.files.length && !here) this.#insert(message);
    }
    return this.list !== before;
  }

  #insert(message) {
    // What is older than all that is loaded comes with its page.
    if (this.hasMore && message.seq < (this.list.at(-1)?.seq ?? 0)) return;
    const at = this.list.findIndex((entry) => entry.seq < message.seq);
    const entries = message.files.map((file) => ({ file, message: message.id, seq: message.seq, author: message.author.id, created_at: message.created_at }));
    this.list = this.list.toSpliced(at < 0 ? this.list.length : at, 0, ...entries.reverse());
  }
}

const keyOf = ({ message, file }) => `${message}-${file.id}`;
