import { Listing } from "./listing.js";

const PAGE = 50;

/**
 * The files of a room's messages, the newest first, a page at a time; kept right by what the room hears of its messages.
 * Event: "change".
 *
 * @typedef {{file: object, message: number, seq: number, author: number, created_at: string}} Entry
 */
export class RoomFiles extends Listing {
  #room;
  #request;
  #next = null;
  /** By message, the last change that is known: an older page must not bring back what is gone. */
  #revs = new Map();

  /** @type {Entry[]} */
  list = [];

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

  /** @returns {boolean} whether that changed anything */
  merge(messages) {
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

  #read(place) {
    const first = place.before === undefined;
    return this.read(() => this.#request("room_files", { room: this.#room, limit: PAGE, ...place }), ({ files, next = null }, late) => {
      const known = new Set(first ? [] : this.list.map(keyOf));
      this.list = [...(first ? [] : this.list), ...files.filter((entry) => !known.has(keyOf(entry)))];
      this.#next = next;
      // It was heard once already, but the page may have brought back what it took away.
      for (const { id } of late) this.#revs.delete(id);
    });
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
