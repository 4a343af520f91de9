import { Emitter } from "../lib/emitter.js";

const ENTER = "hubbub.enter";
const TOOLS = "hubbub.format";

/** How somebody likes to write in this browser. Event: "change", also by another tab. */
class Writing extends Emitter {
  #storage;
  #values;

  constructor(target = globalThis) {
    super();
    try {
      this.#storage = target.localStorage ?? null;
    } catch {
      this.#storage = null;
    }
    this.#values = new Map([ENTER, TOOLS].map((key) => [key, this.#storage?.getItem(key) ?? null]));
    target.addEventListener?.("storage", ({ key, newValue }) => this.#values.has(key) && this.#put(key, newValue));
  }

  /** Whether Enter sends and Shift+Enter breaks the line, or the other way round. */
  get enterSends() {
    return this.#values.get(ENTER) !== "breaks";
  }

  set enterSends(on) {
    this.#keep(ENTER, on ? null : "breaks");
  }

  /** Whether all buttons for formatting are shown. */
  get toolsOpen() {
    return this.#values.get(TOOLS) === "open";
  }

  set toolsOpen(on) {
    this.#keep(TOOLS, on ? "open" : null);
  }

  #keep(key, value) {
    try {
      if (value === null) this.#storage?.removeItem(key);
      else this.#storage?.setItem(key, value);
    } catch {
      // Refused: it holds as long as the page.
    }
    this.#put(key, value);
  }

  #put(key, value) {
    this.#values.set(key, value);
    this.emit("change");
  }
}

export const writing = new Writing();
