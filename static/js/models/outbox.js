import { Backoff } from "../lib/backoff.js";
import { newCid } from "../lib/cid.js";
import { Emitter } from "../lib/emitter.js";

const STORE = "outbox";
const TIMEOUT = 10_000;
const LONGEST_WAIT = 30_000;

/**
 * What stands between writing a message and its ack.
 *
 * A message is kept in the browser's database before it is sent, and stays there until an ack or its own fact says that the
 * server has it, or a final no does. Per room, one message is in flight, in order; the lock of the room lets one tab send.
 * A repeated `cid` is one message on the server, so where locks are missing (plain http) two tabs that send the same only
 * waste a packet. Event: "change" {room}.
 *
 * @typedef {object} Entry
 * @property {string} cid
 * @property {number} room
 * @property {string} text
 * @property {number | null} replyTo
 * @property {object[]} files as the server knows them
 * @property {boolean} note whether it is for agents alone
 * @property {string} createdAt
 * @property {number} order rises with every entry of this browser
 * @property {"queued" | "sending" | "waiting" | "sent" | "failed"} state
 * @property {{code: string, message: string, field: string | null} | null} error
 * @property {number | null} retryAt
 */
export class Outbox extends Emitter {
  #database;
  #send;
  #isOpen;
  #locks;
  #channel;
  #name;
  #random;
  /** @type {Map<string, Entry>} */
  #entries = new Map();
  #finished = new Set();
  #sending = new Map();
  #wake = new Map();

  /**
   * @param {object} options
   * @param {import("./database.js").Database} options.database
   * @param {number} options.user
   * @param {(payload: object, options: {timeout: number}, name: string) => Promise<{message: object}>} options.send a command: `message_send` or `help_note`
   * @param {() => boolean} options.isOpen whether a command may be sent now
   * @param {LockManager | undefined} [options.locks]
   * @param {BroadcastChannel | null} [options.channel] to the same person's other tabs
   * @param {(message: object) => void} [options.onMessage] the message of an ack
   * @param {() => number} [options.random]
   */
  constructor({ database, user, send, isOpen, locks, channel = null, onMessage = () => {}, random }) {
    super();
    this.#database = database;
    this.#send = send;
    this.#isOpen = isOpen;
    this.#locks = locks;
    this.#channel = channel;
    this.#name = `hubbub-outbox-${user}`;
    this.#random = random;
    this.onMessage = onMessage;
    channel?.addEventListener("message", (event) => this.#heard(event.data));
  }

  /** Take up what an earlier page left. */
  async load() {
    for (const entry of await this.#database.all(STORE)) this.#adopt(entry);
    this.#drainAll();
  }

  /** @returns {Entry[]} what is not yet to be seen in the room's timeline */
  entries(room) {
    return [...this.#entries.values()].filter((entry) => entry.room === room).sort((a, b) => a.order - b.order);
  }

  /** @returns {string} the cid; the message is in `entries` when this returns */
  add({ room, text, replyTo = null, files = [], note = false, createdAt = new Date().toISOString() }) {
    const cid = newCid();
    this.#set({ cid, room, text, replyTo, files, note, createdAt, order: this.#nextOrder(), state: "queued", error: null, retryAt: null });
    this.#keep(cid).then(() => this.#drain(room));
    return cid;
  }

  /** Try a failed message again, after everything else. */
  retry(cid) {
    const entry = this.#entries.get(cid);
    if (entry?.state !== "failed") return;
    this.#set({ ...entry, state: "queued", error: null, order: this.#nextOrder() });
    this.#keep(cid).then(() => this.#drain(entry.room));
  }

  /** Throw a failed message away. */
  discard(cid) {
    if (this.#entries.get(cid)?.state === "failed") this.#finish(cid);
  }

  /** Messages of mine that are to be seen now: the server has them, whatever became of their acks. */
  seen(messages) {
    for (const message of messages) if (message.cid && this.#entries.has(message.cid)) this.#finish(message.cid, message);
  }

  /** Send what waits, another tab's too: that may have gone without a word. Call when the connection is there. */
  wake() {
    this.#drainAll();
    this.load();
  }

  #drainAll() {
    for (const room of new Set([...this.#entries.values()].map((entry) => entry.room))) this.#drain(room);
  }

  /** The room is gone, and with it what was to be said there. */
  forget(room) {
    for (const entry of this.entries(room)) this.#finish(entry.cid);
  }

  /** Send the room's messages one after the other until none is left or the connection is gone. */
  async #drain(room) {
    if (this.#sending.has(room)) {
      this.#sending.set(room, true);
      return;
    }
    if (!this.#isOpen() || !this.#next(room)) return;
    this.#sending.set(room, false);
    try {
      await this.#locked(room, () => this.#sendAll(room));
    } finally {
      const again = this.#sending.get(room);
      this.#sending.delete(room);
      if (again) this.#drain(room);
    }
  }

  #locked(room, work) {
    return this.#locks ? this.#locks.request(`${this.#name}-${room}`, work) : work();
  }

  async #sendAll(room) {
    // While this tab waited for the lock, another may have sent, or left something behind.
    await this.#refresh(room);
    const backoff = new Backoff({ base: 1000, max: LONGEST_WAIT, random: this.#random });
    for (let entry = this.#next(room); entry && this.#isOpen(); entry = this.#next(room)) {
      const failure = await this.#sendOne(entry);
      if (!failure) backoff.reset();
      else if (!(await this.#failed(entry, failure, backoff))) return;
    }
  }

  /** @returns {Promise<object | null>} the error, or null when the server has it */
  async #sendOne(entry) {
    this.#set({ ...entry, state: "sending", retryAt: null });
    const { cid, room, text, replyTo, files, note } = entry;
    const payload = note ? { room, cid, text } : { room, cid, text, ...(replyTo && { reply_to: replyTo }), ...(files.length && { files: files.map(({ id }) => id) }) };
    try {
      const { message } = await this.#send(payload, { timeout: TIMEOUT }, note ? "help_note" : "message_send");
      await this.#acknowledged(cid, message);
      return null;
    } catch (error) {
      return error;
    }
  }

  async #acknowledged(cid, message) {
    const entry = this.#entries.get(cid);
    // Shown as sent until the timeline has the message: it may have to wait for an earlier one.
    if (entry) this.#set({ ...entry, state: "sent", error: null });
    await this.#database.delete(STORE, cid);
    this.#channel?.postMessage({ done: cid, message });
    this.onMessage(message);
  }

  /** @returns {Promise<boolean>} whether to go on with the room */
  async #failed({ cid, room }, error, backoff) {
    const entry = this.#entries.get(cid);
    // Its fact came, though its ack did not.
    if (!entry) return true;
    const reason = { code: error.code, message: error.message, field: error.field ?? null };
    if (isFinal(error)) {
      this.#set({ ...entry, state: "failed", error: reason });
      await this.#keep(cid);
      return true;
    }
    if (error.code === "disconnected" || error.code === "unauthenticated") {
      this.#set({ ...entry, state: "queued" });
      return false;
    }
    const wait = Math.max(backoff.next(), (error.retryAfter ?? 0) * 1000);
    this.#set({ ...entry, state: "waiting", error: reason, retryAt: Date.now() + wait });
    await this.#pause(room, wait);
    return true;
  }

  /** Wait, but not beyond the end of the connection. */
  #pause(room, wait) {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#wake.delete(room);
        resolve();
      };
      const timer = setTimeout(done, wait);
      this.#wake.set(room, done);
    });
  }

  /** The connection is gone: whatever waited for its time waits for the next connection instead. */
  lost() {
    for (const done of [...this.#wake.values()]) done();
    for (const entry of this.#entries.values()) if (entry.state === "waiting") this.#set({ ...entry, state: "queued", retryAt: null });
  }

  #next(room) {
    return this.entries(room).find((entry) => entry.state !== "failed" && entry.state !== "sent");
  }

  #nextOrder() {
    const highest = Math.max(0, ...[...this.#entries.values()].map((entry) => entry.order));
    return Math.max(Date.now(), highest + 1);
  }

  #adopt(entry) {
    if (this.#entries.has(entry.cid) || this.#finished.has(entry.cid)) return;
    // What an earlier build has kept has neither.
    this.#set({ files: [], note: false, ...entry, state: entry.state === "failed" ? "failed" : "queued", retryAt: null });
  }

  async #refresh(room) {
    const kept = (await this.#database.all(STORE)).filter((entry) => entry.room === room);
    for (const entry of kept) this.#adopt(entry);
  }

  #set(entry) {
    this.#entries.set(entry.cid, entry);
    this.emit("change", { room: entry.room });
  }

  async #keep(cid) {
    const entry = this.#entries.get(cid);
    if (!entry) return;
    const state = entry.state === "failed" ? "failed" : "queued";
    await this.#database.put(STORE, { ...entry, state, retryAt: null });
    // It may have been finished while it was written.
    if (this.#finished.has(cid)) await this.#database.delete(STORE, cid);
    else this.#channel?.postMessage({ entry: { ...entry, state, retryAt: null } });
  }

  #finish(cid, message = null) {
    const entry = this.#entries.get(cid);
    this.#drop(cid);
    if (!entry) return;
    this.#database.delete(STORE, cid);
    this.#channel?.postMessage({ done: cid, message });
  }

  #drop(cid) {
    const entry = this.#entries.get(cid);
    this.#finished.add(cid);
    this.#entries.delete(cid);
    if (entry) this.emit("change", { room: entry.room });
  }

  /** What another tab did. */
  #heard({ entry, done, message }) {
    if (done) return this.#heardDone(done, message);
    const known = this.#entries.get(entry.cid);
    if (known?.state === "sending" || known?.state === "sent") return;
    if (known) this.#set(entry);
    else this.#adopt(entry);
    this.#drain(entry.room);
  }

  #heardDone(cid, message) {
    const known = this.#entries.get(cid);
    if (known?.state === "sent") return;
    if (!known || !message) {
      // It may be on its way here out of the database.
      this.#drop(cid);
      return;
    }
    // As after an ack of this tab's own: shown until the timeline has the message, so that it does not go and come back.
    this.#set({ ...known, state: "sent", error: null });
    this.onMessage(message);
  }
}

/** A final no is one that the same message would meet again. */
function isFinal(error) {
  const passing = ["disconnected", "timeout", "unauthenticated", "rate_limited", "unavailable"];
  return !error.retryable && !passing.includes(error.code);
}
