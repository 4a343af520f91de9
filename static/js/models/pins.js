import { Listing } from "./listing.js";

/** A room's pinned messages, the last pinned first; kept right by what the room hears of its messages. Event: "change". */
export class Pins extends Listing {
  #room;
  #request;
  /** By id, the last change that is known of what is or was pinned: an older page must not bring it back. */
  #revs = new Map();

  /**
   * @param {number} room
   * @param {(name: string, payload: object) => Promise<any>} request
   */
  constructor(room, request) {
    super();
    this.#room = room;
    this.#request = request;
  }

  load() {
    return this.read(() => this.#request("pin_list", { room: this.#room }), ({ messages }) => {
      this.list = messages;
      this.#revs = new Map(messages.map((message) => [message.id, message.rev]));
    });
  }

  /** @returns {boolean} whether that changed anything */
  merge(messages) {
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
