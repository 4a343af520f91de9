import { Emitter } from "../lib/emitter.js";

const WRITE_AFTER = 300;

/** The server gives an uploaded file a day to find its message. */
const FILE_LASTS = 20 * 60 * 60 * 1000;

/**
 * What is typed and not sent, what is attached to it, and which message it answers, for every room; kept through reloads and
 * the same in all tabs.
 *
 * Where visitors are helped, also whether it is for agents alone: what was meant for those must not go to the visitor after a reload.
 *
 * Events: "room" (id): it has a draft now, or none; "note" (id); "elsewhere" (id): another tab has changed it; "reply" (id); "files" (id):
 * another tab has changed what is attached.
 *
 * @typedef {{id: number, seq: number, author: {id: number, username: string, name: string}, text: string}} Reply as much of the
 *   message that is answered as is shown
 */
export class Drafts extends Emitter {
  #storage;
  #prefixes;
  #texts = new Map();
  #replies = new Map();
  /** Room -> true */
  #notes = new Map();
  /** Room -> {at, files}: when the last of them was uploaded. */
  #files = new Map();
  #unsaved = new Set();
  #timer = null;

  /**
   * @param {{storage: Storage | null, user: number, page: import("../lib/page.js").Page}} options a browser may refuse its
   *   storage; drafts then last as long as the page
   */
  constructor({ storage, user, page }) {
    super();
    this.#storage = storage;
    this.#prefixes = { text: `hubbub.draft.${user}.`, reply: `hubbub.reply.${user}.`, note: `hubbub.note.${user}.`, files: `hubbub.attached.${user}.` };
    this.#load();
    page.on("hide", () => this.#save());
    page.on("change", () => page.visible || this.#save());
    page.on("storage", ({ key }) => this.#heard(key));
  }

  get(room) {
    return this.#texts.get(room) ?? "";
  }

  has(room) {
    return this.#texts.has(room) || this.#files.has(room);
  }

  /** @returns {Reply | null} */
  reply(room) {
    return this.#replies.get(room) ?? null;
  }

  /** Whether what is written is for agents alone. */
  note(room) {
    return this.#notes.has(room);
  }

  setNote(room, on) {
    if (on) this.#notes.set(room, true);
    else this.#notes.delete(room);
    this.#unsaved.add(room);
    // At once: a reload may be next.
    this.#save();
    this.emit("note", room);
  }

  /** @returns {object[]} what is uploaded for the room's message, as the server knows it */
  files(room) {
    return this.#files.get(room)?.files ?? [];
  }

  /** The rooms in whose draft files are. */
  withFiles() {
    return [...this.#files.keys()];
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

  setFiles(room, files) {
    if (!files.length && !this.#files.has(room)) return;
    const had = this.has(room);
    if (files.length) this.#files.set(room, { at: Date.now(), files });
    else this.#files.delete(room);
    this.#saveSoon(room);
    if (had !== this.has(room)) this.emit("room", room);
  }

  clear(room) {
    this.set(room, "");
    this.setReply(room, null);
    this.#save();
  }

  #load() {
    const storage = this.#storage;
    if (!storage) return;
    for (let i = 0; i < storage.length; i += 1) this.#take(storage.key(i));
  }

  /** @returns {{room: number, what: "text" | "reply" | "note" | "files"} | null} what was kept under this key */
  #take(key) {
    const what = Object.keys(this.#prefixes).find((kind) => key?.startsWith(this.#prefixes[kind]));
    const room = what && Number(key.slice(this.#prefixes[what].length));
    // What was typed here since is newer, and about to be kept.
    if (!room || this.#unsaved.has(room)) return null;
    const map = { text: this.#texts, reply: this.#replies, note: this.#notes, files: this.#files }[what];
    const value = READ[what](this.#storage?.getItem(key));
    // What is being written here for agents alone stays that, whatever another tab writes.
    if (what === "note" && !value && this.#texts.has(room)) return null;
    if (value) map.set(room, value);
    else map.delete(room);
    return { room, what };
  }

  /** It is told late at times: what is kept now may be what was typed here since. */
  #heard(key) {
    const before = new Set([...this.#texts.keys(), ...this.#files.keys()]);
    const texts = new Map(this.#texts);
    const taken = this.#take(key);
    if (!taken) return;
    const { room, what } = taken;
    if (what !== "text") this.emit(what, room);
    else if (this.get(room) !== (texts.get(room) ?? "")) this.emit("elsewhere", room);
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
      this.#keep(this.#prefixes.note + room, this.note(room) ? "on" : "");
      this.#keep(this.#prefixes.files + room, this.#files.has(room) ? JSON.stringify(this.#files.get(room)) : "");
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

/** @returns {{at: number, files: object[]} | null} null where it is damaged, or too old for the server to have them */
function filesFrom(kept) {
  try {
    const { at, files } = JSON.parse(kept);
    const whole = files.every((file) => file.id > 0 && typeof file.name === "string" && typeof file.type === "string" && file.size >= 0);
    return whole && files.length && Date.now() - at < FILE_LASTS ? { at, files } : null;
  } catch {
    return null;
  }
}

/** What is kept, as it is used. */
const READ = { text: (kept) => kept, reply: replyFrom, note: (kept) => kept === "on", files: filesFrom };
