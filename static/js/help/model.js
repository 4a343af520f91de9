import { Emitter } from "../lib/emitter.js";
import { Outbox } from "../models/outbox.js";
import { Typing } from "../models/typing.js";

/** A visitor has one conversation; the outbox wants rooms by number. */
const ROOM = 1;
const PAGE = 50;
const SYNC = 100;
/** The addresses of files are good for a day or two; what was read longer ago is read again. */
const OLD = 20 * 3_600_000;
export const FACTS = ["help_welcome", "help_message", "help_changed", "help_typing", "help_status", "session_ended", "notice"];

/**
 * A visitor's conversation, without a page: what was said, what is on its way, who answers, and what is asked of the visitor.
 *
 * A visitor's `rev` has holes, where agents said something among themselves: a fact further ahead than the next one makes it
 * ask for everything since. Events: "change"; "message" {message} for a new answer.
 */
export class HelpModel extends Emitter {
  #socket;
  #kept;
  #outbox;
  #typing;
  /** The highest change that was told of, which may be ahead of `#rev` until it was asked for. */
  #told = 0;
  #rev = 0;
  #catching = null;
  #epoch = null;
  #watched = false;
  #signedAt = Date.now();
  /** @type {Map<number, object>} */
  #messages = new Map();

  /** The fact `help_welcome`, null before the first one. */
  welcome = null;
  /** @type {object | null} where the conversation stands; null for who has not written yet */
  conversation = null;
  /** Whether what was said is known, so that there is something to show. */
  loaded = false;
  more = false;
  agentsOnline = null;
  position = null;
  notice = null;
  /** The address of the page that the visitor looks at. */
  page = "";

  /**
   * @param {object} parts
   * @param {import("../socket.js").Socket} parts.socket to /help
   * @param {import("../models/connection.js").Connection} parts.connection
   * @param {import("./kept.js").Kept} parts.kept
   * @param {LockManager} [parts.locks]
   * @param {BroadcastChannel | null} [parts.channel] to windows of the same browser
   * @param {() => number} [parts.random]
   */
  constructor({ socket, connection, kept, locks, channel = null, random }) {
    super();
    this.#socket = socket;
    this.#kept = kept;
    this.connection = connection;
    this.#outbox = new Outbox({
      database: kept.database,
      user: kept.secret(),
      send: (payload, options) => this.#send(payload, options),
      // The server knows who this is only after its welcome, and a conversation that went on without us comes first.
      isOpen: () => connection.connected && this.loaded,
      locks,
      channel,
      onMessage: (message) => this.#answered(message),
      random,
    });
    this.#typing = new Typing((_name, { on }) => socket.tell("help_typing", { on }));
    this.#outbox.on("change", () => this.emit("change"));
    this.#typing.on("change", () => this.emit("change"));
    connection.on("change", () => this.emit("change"));
    connection.on("lost", () => this.#lost());
    socket.on("fact", ({ name, payload }) => this.#heard(name, payload));
  }

  async start() {
    await this.#outbox.load();
    this.connection.start();
  }

  /** What the server has, in order. */
  get messages() {
    return [...this.#messages.values()].sort((a, b) => a.seq - b.seq);
  }

  /** @returns {object | null} */
  message(id) {
    return this.#messages.get(id) ?? null;
  }

  /** What is on its way, or has failed. */
  get pending() {
    const known = new Set([...this.#messages.values()].map((message) => message.cid));
    return this.#outbox.entries(ROOM).filter((entry) => !known.has(entry.cid));
  }

  /** Whether anything was ever said here. */
  get begun() {
    return this.#messages.size > 0 || this.pending.length > 0 || this.conversation !== null;
  }

  /** @returns {string[]} the names of those who are writing an answer */
  get typing() {
    return this.#typing.in(ROOM);
  }

  /** How many answers were not seen yet. */
  get unread() {
    const read = this.#kept.get("read") ?? 0;
    return [...this.#messages.values()].filter((message) => isAnswer(message) && message.seq > read).length;
  }

  /** What the visitor has said of themselves: what the server has, else what it will be told with the first message. */
  get details() {
    const waiting = this.#kept.get("details") ?? {};
    const { named = false, name } = this.conversation ?? {};
    return { name: waiting.name ?? (named ? name : ""), email: waiting.email ?? this.conversation?.email ?? "" };
  }

  /** Which details must be given before the first message. */
  get required() {
    if (this.conversation || !this.welcome) return [];
    const { look } = this.welcome;
    const missing = (name) => look[`ask_${name}`] === "required" && !this.details[name];
    return ["name", "email"].filter(missing);
  }

  /** Somebody looks at the conversation, or does not any more. */
  watch(on) {
    this.#watched = on;
    if (on && this.conversation && this.loaded && this.connection.connected && this.#isOld) this.#load();
    this.#see();
    this.emit("change");
  }

  /** @param {object[]} [files] as the server knows them @returns {boolean} false for nothing to say */
  say(text, files = []) {
    if (text.trim() === "" && !files.length) return false;
    this.#typing.sent(ROOM);
    this.#kept.set("begun", true);
    this.#outbox.add({ room: ROOM, text: text.trim() && text, files });
    return true;
  }

  retry(cid) {
    this.#outbox.retry(cid);
  }

  discard(cid) {
    this.#outbox.discard(cid);
  }

  /** On every input of the visitor. */
  input(text) {
    // Before the first message there is nobody who could see it.
    if (this.conversation) this.#typing.input(ROOM, text);
  }

  /**
   * Say who one is. Before the first message it is kept until there is a conversation.
   *
   * @param {{name?: string, email?: string}} details
   * @throws {import("../socket.js").CommandError}
   */
  async describe(details) {
    if (this.conversation) await this.#socket.command("help_details", details);
    else this.#kept.set("details", { ...this.#kept.get("details"), ...details });
    this.emit("change");
  }

  /** End the conversation, and say perhaps how it was. @throws {import("../socket.js").CommandError} */
  async close({ rating = null, comment = "" } = {}) {
    await this.#socket.command("help_close", { rating, comment });
    await this.#catchUp();
  }

  /** What was said before what is shown. @throws {import("../socket.js").CommandError} */
  async earlier() {
    const [first] = this.messages;
    if (!first || !this.more) return;
    const { messages, more } = await this.read(first.seq, PAGE);
    for (const message of messages) this.#take(message);
    this.more = more;
    this.emit("change");
  }

  /** Some of what was said, as the server tells it now. @throws {import("../socket.js").CommandError} */
  read(before, limit) {
    return this.#socket.command("help_history", { before, limit });
  }

  #heard(name, payload) {
    if (name === "help_welcome") this.#welcomed(payload);
    else if (name === "help_message") this.#fact(payload);
    else if (name === "help_changed") this.#fact(payload);
    else if (name === "help_typing") this.#typing.heard({ room: ROOM, user: payload.agent.name, on: payload.on });
    else if (name === "help_status") this.#status(payload);
    else if (name === "session_ended") this.connection.end(payload.reason);
    else if (name === "notice") this.notice = payload;
    this.emit("change");
  }

  #status({ agents_online: agentsOnline, position, here }) {
    Object.assign(this, { agentsOnline, position });
    if (this.welcome) this.welcome = { ...this.welcome, here };
  }

  async #welcomed(welcome) {
    this.welcome = welcome;
    const other = this.#epoch !== null && this.#epoch !== welcome.epoch;
    this.#epoch = welcome.epoch;
    // Later pages look here whether there is something to connect for.
    if (welcome.conversation) this.#kept.set("begun", true);
    else if (!this.pending.length) this.#kept.set("begun", null);
    if (other || !welcome.conversation) this.#forget();
    this.conversation = welcome.conversation;
    if (!welcome.conversation) {
      // Nothing was said here, or what was said is over: the next message begins anew.
      this.loaded = true;
    } else if (this.loaded && this.#rev > 0 && !this.#isOld) {
      this.#told = Math.max(this.#told, welcome.conversation.rev);
      await this.#catchUp();
    } else {
      await this.#load();
    }
    this.#outbox.wake();
    await this.#describeLate();
    this.emit("change");
  }

  get #isOld() {
    return Date.now() - this.#signedAt > OLD;
  }

  #forget() {
    this.#messages.clear();
    Object.assign(this, { more: false, loaded: false, conversation: null, position: null });
    this.#rev = 0;
    this.#told = 0;
  }

  async #load() {
    try {
      const { messages, more, rev } = await this.read(null, PAGE);
      this.more = more;
      this.#signedAt = Date.now();
      for (const message of messages) this.#take(message);
      this.#rev = Math.max(this.#rev, rev);
      this.loaded = true;
      // What was read of an earlier conversation says nothing of this one.
      if ((this.#kept.get("read") ?? 0) > (messages.at(-1)?.seq ?? 0)) this.#kept.set("read", 0);
      this.#see();
      if (this.#told > this.#rev) await this.#catchUp();
    } catch (error) {
      // The next connection asks again, or this one, where the server only had too much to do.
      if (error.retryable && this.connection.connected) setTimeout(() => this.#again(), (error.retryAfter ?? 2) * 1_000);
    }
  }

  async #again() {
    if (!this.connection.connected || this.loaded) return;
    await this.#load();
    this.#outbox.wake();
    this.emit("change");
  }

  /**
   * Apply what is next; for what is further ahead, ask, and where there is no message: where the conversation stands is told
   * before the message of the same `rev`, which may never get here.
   */
  #fact({ rev, message = null, conversation = null }) {
    if (message) {
      if (this.#isOther(message)) return this.#restart();
      this.#take(message);
      if (isAnswer(message)) {
        this.#typing.heard({ room: ROOM, user: message.agent?.name, on: false });
        this.emit("message", { message });
      }
    }
    if (conversation && conversation.rev >= (this.conversation?.rev ?? 0)) this.conversation = conversation;
    this.#told = Math.max(this.#told, rev);
    if (message && rev === this.#rev + 1) this.#rev = rev;
    // Where another window began the conversation, this one does not know it yet.
    if (this.#told > this.#rev || !this.conversation) this.#catchUp();
    this.#see();
  }

  /** A message of a conversation that began after the one that is shown had ended. */
  #isOther(message) {
    const last = this.messages.at(-1);
    return last !== undefined && message.seq <= last.seq && !this.#messages.has(message.id) && message.id > last.id;
  }

  #restart() {
    this.#forget();
    return this.#load().then(() => this.#catchUp());
  }

  #catchUp() {
    this.#catching ??= this.#sync().finally(() => {
      this.#catching = null;
      this.emit("change");
    });
    return this.#catching;
  }

  async #sync() {
    try {
      let again = true;
      while (again) {
        const found = await this.#socket.command("help_sync", { rev: this.#rev, limit: SYNC });
        if (found.reset) {
          this.#forget();
          return await this.#load();
        }
        for (const message of found.messages) this.#take(message);
        this.conversation = found.conversation ?? this.conversation;
        // With more to come, the answer's own rev is that of all of it.
        this.#rev = found.more ? found.messages.at(-1).rev : Math.max(this.#rev, found.rev);
        again = found.more || this.#told > this.#rev;
        // What was told and is not there was among agents.
        if (!found.more) this.#told = this.#rev;
        this.loaded = true;
        this.#see();
      }
    } catch {
      // The next connection asks again.
    }
  }

  #send({ cid, text, files }, options) {
    return this.#socket.command("help_send", { cid, text, page: this.page, ...(files && { files }) }, options);
  }

  /** The ack of a message of mine. */
  async #answered(message) {
    if (this.#isOther(message)) await this.#restart();
    this.#take(message);
    if (message.rev === this.#rev + 1) this.#rev = message.rev;
    else this.#told = Math.max(this.#told, message.rev);
    if (!this.conversation || this.conversation.state === "resolved" || this.#told > this.#rev) await this.#catchUp();
    await this.#describeLate();
    this.emit("change");
  }

  /** What was said of oneself before there was anybody to hear it. */
  async #describeLate() {
    const details = this.#kept.get("details");
    if (!this.conversation || !details || !this.connection.connected) return;
    try {
      await this.#socket.command("help_details", details);
      this.#kept.set("details", null);
    } catch (error) {
      // A final no would come again with every message.
      if (!error.retryable) this.#kept.set("details", null);
    }
  }

  #take(message) {
    const known = this.#messages.get(message.id);
    if (!known || known.rev <= message.rev) this.#messages.set(message.id, message);
    if (message.cid) this.#outbox.seen([message]);
  }

  #see() {
    if (!this.#watched) return;
    const last = this.messages.at(-1);
    if (last && last.seq !== this.#kept.get("read")) this.#kept.set("read", last.seq);
  }

  #lost() {
    this.#outbox.lost();
    this.#typing.clear();
    this.agentsOnline = null;
  }
}

/** What counts as news to the visitor. */
function isAnswer(message) {
  return !message.mine && message.kind === "text" && !message.deleted;
}
