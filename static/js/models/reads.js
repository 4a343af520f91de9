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
  /** By room, the last mark that the server has not heard of. */
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
    return Boolean(room && room.id === id && !room.keptUnread && this.#atEnd === id && room.timeline?.atEnd && this.#page.visible && this.#page.focused);
  }

  /** Mark the current room if it is being watched. */
  look() {
    const room = this.#current();
    if (room && this.watching(room.id)) this.markRead(room.id);
  }

  markRead(id) {
    const room = this.#rooms.get(id);
    if (room) this.#mark(room, room.mark(room.head.seq));
  }

  /** Mark all rooms that have something unread, also muted ones. */
  markAll() {
    for (const room of this.#rooms.all) if (room.unread > 0) this.markRead(room.id);
  }

  /** Everything up to `seq` is read. */
  markUpTo(id, seq) {
    const room = this.#rooms.get(id);
    if (room) this.#mark(room, room.mark(seq));
  }

  /** The message `seq` and all after it are to be unread again. */
  markUnread(id, seq) {
    const room = this.#rooms.get(id);
    if (room) this.#mark(room, room.mark(seq - 1, { back: true }));
  }

  flush() {
    clearTimeout(this.#timer);
    this.#timer = null;
    if (!this.#isOpen()) return;
    for (const [room, mark] of this.#unsent) this.#send(room, mark);
    this.#unsent.clear();
  }

  #mark(room, mark) {
    if (!mark) return;
    this.#unsent.set(room.id, mark);
    this.#timer ??= setTimeout(() => this.flush(), SEND_AFTER);
  }

  async #send(id, mark) {
    const { seq, back } = mark;
    try {
      await this.#request("read_mark", { room: id, seq, ...(back && { back }) });
      this.#rooms.get(id)?.marked(mark, true);
    } catch (error) {
      if (!error.retryable) this.#rooms.get(id)?.marked(mark, false);
      // A later mark goes in its place.
      if (!error.retryable || this.#unsent.has(id)) return;
      this.#unsent.set(id, mark);
      if (this.#isOpen()) this.#timer ??= setTimeout(() => this.flush(), Math.max(SEND_AFTER, (error.retryAfter ?? 5) * 1000));
    }
  }
}
