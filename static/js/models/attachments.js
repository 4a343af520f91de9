import { Emitter } from "../lib/emitter.js";

/**
 * What is attached to the message that is being written in each room. What is uploaded belongs to the room's draft, and stays
 * through a reload and in other tabs; what is on its way goes on when another room is opened.
 *
 * Events: "change" {room}; "ready" {room, message}: what was held back can be sent now.
 *
 * @typedef {object} Attachment
 * @property {string} key
 * @property {string} name
 * @property {number} size
 * @property {string} type
 * @property {"waiting" | "sending" | "done" | "failed"} state
 * @property {number} share of it that is there, 0 to 1
 * @property {object | null} error why it waits, or failed
 * @property {object | null} file as the server knows it, when it is there
 * @property {Blob | null} blob null where another page has uploaded it
 */
export class Attachments extends Emitter {
  #queue;
  #drafts;
  #takeBack;
  #limits;
  /** @type {Map<number, Attachment[]>} */
  #rooms = new Map();
  #held = new Map();
  #giveUp = new Map();
  #count = 0;

  /** Its "change" says that more of a file is there, which is often. */
  progress = new Emitter();

  /**
   * @param {object} options
   * @param {import("./upload-queue.js").UploadQueue} options.queue
   * @param {import("./drafts.js").Drafts} options.drafts
   * @param {(id: number) => void} options.takeBack
   * @param {() => {file_size: number, files: number}} options.limits
   */
  constructor({ queue, drafts, takeBack, limits }) {
    super();
    this.#queue = queue;
    this.#drafts = drafts;
    this.#takeBack = takeBack;
    this.#limits = limits;
    for (const room of drafts.withFiles()) this.#rooms.set(room, drafts.files(room).map(uploaded));
    drafts.on("files", (room) => this.#heard(room));
  }

  /** @returns {Attachment[]} in the order in which they were chosen */
  list(room) {
    return this.#rooms.get(room) ?? [];
  }

  /** Whether something in a room is still on its way, or has not got there. */
  busy(room) {
    return this.list(room).some(({ state }) => state !== "done");
  }

  failed(room) {
    return this.list(room).some(({ state }) => state === "failed");
  }

  /** Whether anything anywhere would be lost with this page. */
  get unfinished() {
    return [...this.#rooms.values()].flat().some(({ state }) => state === "waiting" || state === "sending");
  }

  /**
   * @param {number} room
   * @param {{blob: Blob, name: string}[]} chosen
   * @returns {number} how many of them were too many for one message
   */
  add(room, chosen) {
    const fits = Math.max(0, this.#limits().files - this.list(room).length);
    for (const { blob, name } of chosen.slice(0, fits)) {
      const attachment = { key: `new-${(this.#count += 1)}`, name, size: blob.size, type: blob.type, state: "waiting", share: 0, error: this.#refusal(blob), file: null, blob };
      if (attachment.error) attachment.state = "failed";
      this.#set(room, [...this.list(room), attachment]);
      if (!attachment.error) this.#begin(room, attachment);
    }
    return Math.max(0, chosen.length - fits);
  }

  /** Try again what has failed for a reason that may have passed. */
  retry(room, key) {
    const attachment = this.list(room).find((one) => one.key === key);
    if (attachment?.state !== "failed" || this.#refusal(attachment.blob)) return;
    this.#news(room, key, { state: "waiting", share: 0, error: null });
    this.#begin(room, attachment);
  }

  remove(room, key) {
    const attachment = this.list(room).find((one) => one.key === key);
    if (!attachment) return;
    this.#giveUp.get(key)?.();
    this.#giveUp.delete(key);
    if (attachment.file) this.#takeBack(attachment.file.id);
    this.#set(room, this.list(room).filter((one) => one !== attachment));
    this.#keep(room);
    this.#look(room);
  }

  /** Hold a message back until everything attached to it is there. */
  hold(room, message) {
    this.#held.set(room, message);
    this.emit("change", { room });
  }

  /** Go on writing instead. */
  release(room) {
    if (this.#held.delete(room)) this.emit("change", { room });
  }

  held(room) {
    return this.#held.has(room);
  }

  /** @returns {object[]} the files of the room's message, which is sent with them now */
  take(room) {
    const files = this.list(room).map(({ file }) => file);
    this.#set(room, []);
    this.#keep(room);
    return files;
  }

  /** The room is gone, and with it what was to be sent there. */
  forget(room) {
    this.#held.delete(room);
    for (const { key } of this.list(room)) this.remove(room, key);
  }

  #refusal(blob) {
    if (!blob.size) return { code: "bad_request", field: "empty" };
    return blob.size > this.#limits().file_size ? { code: "too_large", field: "file" } : null;
  }

  #begin(room, { key, blob, name }) {
    this.#giveUp.set(key, this.#queue.add(blob, name, (news) => this.#news(room, key, news)));
  }

  #news(room, key, news) {
    const list = this.list(room);
    const at = list.findIndex((one) => one.key === key);
    if (at < 0) return;
    const before = list[at];
    const changed = list.with(at, { ...before, ...news });
    if (news.state === before.state && news.state === "sending") {
      this.#rooms.set(room, changed);
      this.progress.emit("change");
      return;
    }
    this.#set(room, changed);
    if (news.state === "done") this.#keep(room);
    this.#look(room);
  }

  /** What was held back goes, or comes back to whoever wrote it. */
  #look(room) {
    const message = this.#held.get(room);
    if (!message) return;
    if (this.failed(room)) return this.release(room);
    if (this.busy(room)) return;
    this.#held.delete(room);
    this.emit("ready", { room, message });
  }

  #set(room, list) {
    if (list.length) this.#rooms.set(room, list);
    else this.#rooms.delete(room);
    this.emit("change", { room });
  }

  #keep(room) {
    this.#drafts.setFiles(room, this.list(room).flatMap(({ file }) => file ?? []));
  }

  /** Another tab has attached something, taken it away, or sent it. */
  #heard(room) {
    const files = new Map(this.#drafts.files(room).map((file) => [file.id, file]));
    const here = this.list(room).filter(({ file }) => !file || files.delete(file.id));
    this.#set(room, [...here, ...[...files.values()].map(uploaded)]);
  }
}

/** @returns {Attachment} what an earlier page or another tab has uploaded */
const uploaded = (file) => ({ key: `file-${file.id}`, name: file.name, size: file.size, type: file.type, state: "done", share: 1, error: null, file, blob: null });
