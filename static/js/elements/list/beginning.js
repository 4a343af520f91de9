import { reachable, takePlace } from "./place.js";

/** Where a room is begun: where the reader was before a reload, what the address names, the first unread message, or its end. */
export class Beginning {
  /** Whether the message to begin at is being fetched. */
  seeking = false;
  /** Whether somebody has asked for the end before the list had its place. */
  skipped = false;
  #client;
  #room;
  #changed;
  #sought = false;

  /** @param {object | null} target - {room, seq, focus} of the address @param {() => void} changed - called when `seeking` has ended */
  constructor(client, room, target, changed) {
    this.#client = client;
    this.#room = room;
    this.#changed = changed;
    /** Where the reader was before a reload: {seq, held}. */
    this.kept = takePlace(room.id);
    this.target = !this.kept && target?.room === room.id ? target : null;
  }

  /** Whatever is still being looked for: what is wanted now is the end. */
  skip() {
    this.kept = this.target = null;
    this.seeking = false;
    this.#sought = this.skipped = true;
  }

  /** Fetch what to begin at where it is not loaded, once. @returns {boolean} whether that is to be waited for */
  seek() {
    if (!this.seeking && !this.#sought && this.#elsewhere) this.#fetch();
    return this.seeking;
  }

  /** Whether the room is begun at a certain message. */
  get named() {
    return Boolean(this.#seq);
  }

  get #seq() {
    return this.kept?.seq ?? this.target?.seq;
  }

  get #elsewhere() {
    const { timeline, newAfter } = this.#room;
    if (this.#seq) return !timeline.get(this.#seq);
    return newAfter !== null && timeline.moreBefore && timeline.messages[0]?.seq > newAfter + 1;
  }

  /** A page that has just been opened waits for its connection first; where there is none, the room is begun at its end. */
  async #fetch() {
    const { timeline, newAfter } = this.#room;
    this.seeking = this.#sought = true;
    this.#changed();
    const seq = this.#seq;
    if (seq) await reachable(this.#client.connection);
    if (this.skipped) return;
    await timeline.jumpTo(seq ?? newAfter + 1);
    if (this.skipped) return;
    this.seeking = false;
    this.#changed();
  }
}
