import { Emitter } from "../lib/emitter.js";

const WRITE_AFTER = 300;

/**
 * What is typed and not sent, and which message it answers, for every room; kept through reloads and the same in all tabs.
 *
 * Events: "room" (id): it has a draft now, or none; "elsewhere" (id): another tab has changed it; "reply" (id).
 *
 * @typedef {{id: number, seq: number, author: {id: number, username: string, name: string}, text: string}} Reply as much of the
 *   message that is answered as is shown
 */
export class Drafts extends Emitter {
  #storage;
  #prefixes;
  #texts = new Map();
  #replies = new Map();
  #unsaved = new Set();
  #timer = null;

  /**
   * @param {{storage: Storage | null, user: number, page: import("../lib/page.js").Page}} options a browser may refuse its
   *   storage; drafts then last as long as the page
   */
  constructor({ storage, user, page }) {
    super();
    this.#storage = storage;
    this.#prefixes = { text: `hubbub.draft.${user}.`, reply: `hubbub.reply.${user}.` };
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

  /** @returns {Reply | null} */
  reply(room) {
    return this.#replies.get(room) ?? null;
  }

  set(room, text) {
    const had = this.has(room);
    if (text.trim() === "") this.#texts.delete(room);
    else this.#texts.set(room, text);
    this.#saveSoon(room);
    if (had !== this.has(room)) this.emit("room", room);
  }

  /** @param {Reply | null} reply */
  setReply(room, reply) {
    if (!reply && !this.#replies.has(room)) return;
    if (reply) this.#replies.set(room, reply);
    else this.#replies.delete(room);
    this.#saveSoon(room);
    this.emit("reply", room);
  }

  clear(room) {
    this.set(room, "");
    this.setReply(room, null);
    this.#save();
  }

  #load() {
    const storage = this.#storage;
    if (!storage) return;
    for (let i = 0; i < storage.length; i += 1) this.#take(storage.key(i), (key) => storage.getItem(key));
  }

  /** @returns {{room: number, what: "text" | "reply"} | null} what was kept under this key */
  #take(key, read) {
    const what = Object.keys(this.#prefixes).find((kind) => key?.startsWith(this.#prefixes[kind]));
    const room = what && Number(key.slice(this.#prefixes[what].length));
    // What was typed here since is newer, and about to be kept.
    if (!room || this.#unsaved.has(room)) return null;
    const [map, value] = what === "text" ? [this.#texts, read(key)] : [this.#replies, replyFrom(read(key))];
    if (value) map.set(room, value);
    else map.delete(room);
    return { room, what };
  }

  #heard(key, value) {
    const before = new Set(this.#texts.keys());
    const taken = this.#take(key, () => value);
    if (!taken) return;
    const { room, what } = taken;
    this.emit(what === "text" ? "elsewhere" : "reply", room);
    if (before.has(room) !== this.has(room)) this.emit("room", room);
  }

  #saveSoon(room) {
    this.#unsaved.add(room);
    this.#timer ??= setTimeout(() => this.#save(), WRITE_AFTER);
  }

  #save() {
    clearTimeout(this.#timer);
    this.#timer = null;
    for (const room of this.#unsaved) {
      this.#keep(this.#prefixes.text + room, this.get(room));
      this.#keep(this.#prefixes.reply + room, this.#replies.has(room) ? JSON.stringify(this.reply(room)) : "");
    }
    this.#unsaved.clear();
  }

  #keep(key, value) {
    try {
      if (value) this.#storage?.setItem(key, value);
      else this.#storage?.removeItem(key);
    } catch {
      // Full or refused: the draft still lives in this page.
    }
  }
}

/** @returns {Reply | null} null where it is damaged */
function replyFrom(kept) {
  try {
    const reply = JSON.parse(kept);
    const whole = reply?.id > 0 && reply.seq > 0 && reply.author?.id > 0 && typeof reply.author.name === "string";
    return whole && typeof reply.text === "string" ? reply : null;
  } catch {
    return null;
  }
}
