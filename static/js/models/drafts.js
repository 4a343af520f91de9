import { Emitter } from "../lib/emitter.js";

const WRITE_AFTER = 300;

/**
 * What is typed and not sent, a text per room, kept through reloads and the same in all tabs.
 *
 * Events: "room" (id): it has a draft now, or none; "elsewhere" (id): another tab has changed it.
 */
export class Drafts extends Emitter {
  #storage;
  #prefix;
  #texts = new Map();
  #unsaved = new Set();
  #timer = null;

  /**
   * @param {{storage: Storage | null, user: number, page: import("../lib/page.js").Page}} options a browser may refuse its
   *   storage; drafts then last as long as the page
   */
  constructor({ storage, user, page }) {
    super();
    this.#storage = storage;
    this.#prefix = `hubbub.draft.${user}.`;
    this.#load();
    page.on("hide", () => this.#save());
    page.on("change", () => page.visible || this.#save());
    page.on("storage", ({ key, value }) => this.#heard(key, value));
  }

  get(room) {
    return this.#texts.get(room) ?? "";
  }

  has(room) {
    return this.#texts.has(room);
  }

  set(room, text) {
    const had = this.has(room);
    if (text.trim() === "") this.#texts.delete(room);
    else this.#texts.set(room, text);
    this.#unsaved.add(room);
    this.#timer ??= setTimeout(() => this.#save(), WRITE_AFTER);
    if (had !== this.has(room)) this.emit("room", room);
  }

  clear(room) {
    this.set(room, "");
    this.#save();
  }

  #load() {
    const storage = this.#storage;
    if (!storage) return;
    for (let i = 0; i < storage.length; i += 1) {
      const key = storage.key(i);
      if (key.startsWith(this.#prefix)) this.#texts.set(Number(key.slice(this.#prefix.length)), storage.getItem(key));
    }
  }

  #heard(key, value) {
    if (!key?.startsWith(this.#prefix)) return;
    const room = Number(key.slice(this.#prefix.length));
    // What was typed here since is newer, and about to be kept.
    if (this.#unsaved.has(room)) return;
    const had = this.has(room);
    if (value) this.#texts.set(room, value);
    else this.#texts.delete(room);
    this.emit("elsewhere", room);
    if (had !== this.has(room)) this.emit("room", room);
  }

  #save() {
    clearTimeout(this.#timer);
    this.#timer = null;
    for (const room of this.#unsaved) {
      try {
        if (this.has(room)) this.#storage?.setItem(this.#prefix + room, this.get(room));
        else this.#storage?.removeItem(this.#prefix + room);
      } catch {
        // Full or refused: the draft still lives in this page.
      }
    }
    this.#unsaved.clear();
  }
}
