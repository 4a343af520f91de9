const SEND_AFTER = 400;

/**
 * Decides when a room has been read: its end is in view, in a visible and focused page. Tells the server a little later, the
 * last of many, and again after a lost connection.
 */
export class Reads {
  #page;
  #request;
  #isOpen;
  #current;
  #rooms;
  #atEnd = null;
  #unsent = new Map();
  #timer = null;

  /**
   * @param {object} options
   * @param {import("../lib/page.js").Page} options.page
   * @param {(name: string, payload: object) => Promise<any>} options.request
   * @param {() => boolean} options.isOpen
   * @param {() => (import("./room.js").Room | null)} options.current
   * @param {import("./rooms.js").Rooms} options.rooms
   */
  constructor({ page, request, isOpen, current, rooms }) {
    this.#page = page;
    this.#request = request;
    this.#isOpen = isOpen;
    this.#current = current;
    this.#rooms = rooms;
    page.on("change", () => this.look());
    page.on("hide", () => this.flush());
  }

  /** Whether the end of the current room's messages is in view. */
  setAtEnd(room, atEnd) {
    if (atEnd) this.#atEnd = room;
    else if (this.#atEnd === room) this.#atEnd = null;
    this.look();
  }

  watching(id) {
    const room = this.#current();
    return Boolean(room && room.id === id && this.#atEnd === id && room.timeline?.atEnd && this.#page.visible && this.#page.focused);
  }

  /** Mark the current room if it is being watched. */
  look() {
    const room = this.#current();
    if (room && this.watching(room.id)) this.markRead(room.id);
  }

  markRead(id) {
    const room = this.#rooms.get(id);
    if (!room?.readUpTo(room.head.seq)) return;
    this.#unsent.set(id, room.lastRead);
    this.#timer ??= setTimeout(() => this.flush(), SEND_AFTER);
  }

  flush() {
    clearTimeout(this.#timer);
    this.#timer = null;
    if (!this.#isOpen()) return;
    for (const [room, seq] of this.#unsent) this.#send(room, seq);
    this.#unsent.clear();
  }

  async #send(room, seq) {
    try {
      await this.#request("read_mark", { room, seq });
    } catch (error) {
      if (!error.retryable || (this.#unsent.get(room) ?? 0) >= seq) return;
      this.#unsent.set(room, seq);
      if (this.#isOpen()) this.#timer ??= setTimeout(() => this.flush(), Math.max(SEND_AFTER, (error.retryAfter ?? 5) * 1000));
    }
  }
}
