import { Emitter } from "../lib/emitter.js";

const SEND_EVERY = 3_000;
const LAPSE = 6_000;

/**
 * Who is typing where; never stored, never sent again, and gone by itself. Events: "change", "room" (id).
 */
export class Typing extends Emitter {
  #tell;
  #mine = null;
  #sentAt = -Infinity;
  #others = new Map();

  /** @param {(name: string, payload: object) => void} tell */
  constructor(tell) {
    super();
    this.#tell = tell;
  }

  /** On every input of mine: sends at most every three seconds, and stops when the field is empty. */
  input(room, text) {
    if (text.trim() === "") return this.stop(room);
    if (this.#mine !== null && this.#mine !== room) this.stop(this.#mine);
    if (this.#mine === room && Date.now() - this.#sentAt < SEND_EVERY) return;
    this.#mine = room;
    this.#sentAt = Date.now();
    this.#tell("typing", { room, on: true });
  }

  stop(room) {
    if (this.#mine !== room) return;
    this.#mine = null;
    this.#tell("typing", { room, on: false });
  }

  /** A message of mine ends my typing for everybody who sees it. */
  sent(room) {
    if (this.#mine === room) this.#mine = null;
  }

  /** @returns {number[]} the ids of those who type in the room, who began first comes first */
  in(room) {
    return [...(this.#others.get(room)?.keys() ?? [])];
  }

  /** The fact `typing`. */
  heard({ room, user, on }) {
    const there = this.#others.get(room) ?? new Map();
    const known = there.has(user);
    clearTimeout(there.get(user));
    if (on) {
      there.set(user, setTimeout(() => this.heard({ room, user, on: false }), LAPSE));
      this.#others.set(room, there);
    } else {
      there.delete(user);
      if (there.size === 0) this.#others.delete(room);
    }
    if (known !== on) this.#changed(room);
  }

  /** Nothing more is heard: the connection is gone. */
  clear() {
    this.#mine = null;
    for (const [room, there] of [...this.#others]) {
      for (const timer of there.values()) clearTimeout(timer);
      this.#others.delete(room);
      this.#changed(room);
    }
  }

  #changed(room) {
    this.emit("room", room);
    this.emit("change");
  }
}
