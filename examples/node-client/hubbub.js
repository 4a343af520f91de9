/**
 * A client of Hubbub's wire contract on socket.io-client: what was said arrives once and in order, whatever happens between.
 *
 *     const client = new Client("http://localhost:5000", token);
 *     client.on("message", (room, message) => console.log(message.text));
 *     await client.connect();
 *     const room = await client.join("general", { create: true });
 *     await client.send(room, "Hello").outcome;
 */
import { EventEmitter } from "node:events";
import { io } from "socket.io-client";

const PROTOCOL = 1;
/** Refusals that trying again would meet again. */
const FINAL = new Set(["unauthenticated", "banned", "forbidden_origin", "protocol"]);
/** Answers of a room that is not ours to read any more. */
const OUTSIDE = new Set(["not_found", "forbidden", "bad_request", "unauthenticated", "closed"]);
/** Commands whose answer is a room that we are in from then on. */
const ENTERING = new Set(["room_join", "room_create", "direct_open"]);
const MOST_HELD = 1_000;
const OPEN_TIMEOUT = 10_000;

/**
 * A message, a room and a head as docs/events.md has them.
 *
 * @typedef {{id: number, room: number, seq: number, rev: number, cid?: string, text?: string, deleted: boolean,
 *   author: {id: number, name: string}}} Message
 * @typedef {{seq: number, rev: number}} Head
 * @typedef {{id: number, name: string, head: Head}} RoomInfo
 * @typedef {{rev: number, message: Message | null, isNew: boolean}} Change
 */

/** A refused command, or one whose fate is unknown: `timeout`, `disconnected`, `closed`. */
export class HubbubError extends Error {
  /** @param {{code?: string, message?: string, field?: string, retryable?: boolean, retry_after?: number}} error */
  constructor({ code = "internal", message = code, field, retryable = false, retry_after: retryAfter }) {
    super(message);
    this.name = "HubbubError";
    this.code = code;
    this.field = field;
    this.retryable = retryable;
    this.retryAfter = retryAfter;
  }
}

/** A UUID of version 7 (RFC 9562). It begins with the time, so the server's index of them grows at one end. */
export function newCid(now = Date.now()) {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  for (let at = 5, rest = now; at >= 0; at -= 1, rest = Math.floor(rest / 256)) bytes[at] = rest % 256;
  bytes[6] = (bytes[6] % 16) + 0x70;
  bytes[8] = (bytes[8] % 64) + 0x80;
  return Buffer.from(bytes).toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/** Try n waits between half and the whole of `base * 2^n` milliseconds, at most `most`. */
class Backoff {
  constructor([base, most]) {
    this.base = base;
    this.most = most;
    this.tries = 0;
  }

  next() {
    const whole = Math.min(this.most, this.base * 2 ** Math.min(this.tries, 30));
    this.tries += 1;
    return whole / 2 + (whole / 2) * Math.random();
  }

  reset() {
    this.tries = 0;
  }
}

/**
 * One room as its member sees it. It knows the rules of `rev` and nothing of connections or time.
 *
 * `rev` is the last change applied; null means that nothing is known, and `history` has to be read. `messages` has the
 * newest `keep` messages by seq that were said since the room was entered.
 */
export class Room {
  #keep;
  /** Messages beyond this seq are new to the program. null: whatever `history` brings replaces what was told. */
  #told;
  /** @type {Map<number, {message?: Message, info?: object}>} */
  #held = new Map();
  /** @type {Map<number, Message>} */
  #messages = new Map();

  /**
   * @param {RoomInfo} info
   * @param {{keep?: number, backlog?: boolean}} [options]
   */
  constructor(info, { keep = Infinity, backlog = false } = {}) {
    this.id = info.id;
    this.info = info;
    /** @type {number | null} */
    this.rev = backlog ? null : info.head.rev;
    this.#keep = keep;
    this.#told = backlog ? 0 : info.head.seq;
  }

  get messages() {
    return bySeq([...this.#messages.values()]);
  }

  /** Whether facts wait for one before them. */
  get gap() {
    return this.#held.size > 0;
  }

  /**
   * A fact: applied if it is the next, dropped if it is known, held if it is early.
   *
   * @param {number} rev
   * @param {{message?: Message, info?: object}} fact
   * @returns {Change[]} what was applied
   */
  offer(rev, fact) {
    if (this.rev !== null && rev <= this.rev) return [];
    // Beyond so many the gap is read with `room_sync` anyway.
    if (this.#held.size < MOST_HELD || (this.rev !== null && rev === this.rev + 1)) this.#held.set(rev, fact);
    return this.#release();
  }

  /**
   * All pages of `room_sync` together; `head` is the last one's. They come by rev and are told by seq.
   *
   * @param {Message[]} messages
   * @param {Head} head
   * @param {RoomInfo} [info]
   */
  synced(messages, head, info) {
    if (info) this.info = info;
    const known = this.rev ?? 0;
    // A page may be older than a fact that came meanwhile.
    const found = bySeq(messages.filter((message) => message.rev > known)).flatMap((message) => this.#take(message));
    this.rev = Math.max(known, head.rev);
    return [...found, ...this.#release()];
  }

  /**
   * Pages of `history`, from the newest back; `head` is the first one's, for the others were read after it.
   *
   * @param {Message[]} messages
   * @param {Head} head
   */
  loaded(messages, head) {
    if (this.#told === null || this.#told > head.seq) this.#told = head.seq;
    const found = bySeq(messages).flatMap((message) => this.#take(message));
    this.#told = Math.max(this.#told, head.seq);
    this.rev = head.rev;
    return [...found, ...this.#release()];
  }

  /** Drop everything until `loaded`; with `forget` also what the program was told of: it is another history. */
  restart({ forget }) {
    this.rev = null;
    this.#messages.clear();
    this.#held.clear();
    if (forget) this.#told = null;
  }

  /** The connection is gone, and whatever would fill the gap with it. */
  lost() {
    this.#held.clear();
  }

  #release() {
    if (this.rev === null) return [];
    for (const rev of [...this.#held.keys()]) if (rev <= this.rev) this.#held.delete(rev);
    const found = [];
    for (let fact = this.#held.get(this.rev + 1); fact; fact = this.#held.get(this.rev + 1)) {
      this.rev += 1;
      this.#held.delete(this.rev);
      if (fact.info) this.info = { ...this.info, ...fact.info };
      found.push(...(fact.message ? this.#take(fact.message) : [{ rev: this.rev, message: null, isNew: false }]));
    }
    return found;
  }

  #take(message) {
    const { seq, rev } = message;
    if ((this.#messages.get(seq)?.rev ?? 0) >= rev) return [];
    this.#messages.set(seq, message);
    while (this.#messages.size > this.#keep) this.#messages.delete([...this.#messages.keys()].reduce((a, b) => Math.min(a, b)));
    const isNew = seq > this.#told;
    if (isNew) this.#told = seq;
    return [{ rev, message, isNew }];
  }
}

/** Each message once, in its newest form. */
function bySeq(messages) {
  const newest = new Map();
  for (const message of messages) if ((newest.get(message.seq)?.rev ?? 0) < message.rev) newest.set(message.seq, message);
  return [...newest.values()].sort((a, b) => a.seq - b.seq);
}

/**
 * An account's connection to `/chat`, kept up until `close` or a final refusal.
 *
 * Waits between tries grow from `backoff[0]` to `backoff[1]` milliseconds. Each room keeps its newest `keep` messages; with
 * `backlog` also those from before it was entered. `record` hears, as flat objects, of everything that a checker has to
 * know: the facts that came, what was applied, and what became of what was sent.
 *
 * Events: "connected" (welcome), "disconnected" (reason), "retrying" (reason, ms), "gone" (error: no more tries),
 * "message" (room, message: a new one), "changed" (room, message), "room_added" (room), "room_changed" (room),
 * "room_removed" (room, reason), "reset" (room: `room.messages` replaces all that was told), and the facts "typing", "read",
 * "presence", "members_changed", "user_changed" and "notice" with what they carry.
 */
export class Client extends EventEmitter {
  #url;
  #auth;
  #options;
  #record;
  #socket = null;
  #ready = false;
  #backoff;
  #openedAt = 0;
  #retryTimer;
  #openTimer;
  /** Facts before `welcome` may be of changes that came after the heads in it were read. */
  #early = [];
  /** How to answer the commands that have no ack yet. */
  #asked = new Set();
  /** What is being read, by room: one thing at a time. */
  #readings = new Map();
  /** The messages to be sent, by room, the first of which may be in flight or wait for its next try. */
  #lanes = new Map();

  /** @type {Map<number, Room>} */
  rooms = new Map();
  user = null;
  epoch = null;
  /** @type {HubbubError | null} */
  error = null;

  /**
   * @param {string} url
   * @param {string} token
   * @param {{name?: string, transports?: string[], ackTimeout?: number, backoff?: [number, number], hold?: number,
   *   keep?: number, backlog?: boolean, record?: (record: object) => void, connect?: typeof io}} [options]
   *   `connect` stands in for socket.io-client in tests
   */
  constructor(url, token, { name = "node-client", record = () => {}, ...options } = {}) {
    super();
    this.#url = url;
    this.#auth = { token, client: name, protocol: PROTOCOL };
    this.#record = (kind, fields) => record({ at: Date.now() / 1000, kind, ...fields });
    this.#options = {
      transports: ["websocket", "polling"], ackTimeout: 10_000, backoff: [200, 5_000], hold: 300, keep: 500, backlog: false,
      connect: io, ...options,
    };
    this.#backoff = new Backoff(this.#options.backoff);
  }

  /** Begin to connect. */
  start() {
    this.#open();
  }

  /** `start`, and wait until the server has said welcome. */
  async connect() {
    this.start();
    await this.ready();
  }

  /** Wait until the client is connected; at once if it is. */
  async ready() {
    if (this.error) throw this.error;
    if (this.#ready) return;
    await new Promise((resolve, reject) => {
      const done = () => {
        this.off("connected", done).off("gone", done);
        if (this.error) reject(this.error);
        else resolve();
      };
      this.on("connected", done).on("gone", done);
    });
  }

  /**
   * Put a message into the outbox. It is sent after those before it in its room, as often as it takes.
   *
   * @param {number} room
   * @param {string} text
   * @param {{cid?: string, replyTo?: number}} [options]
   * @returns {{cid: string, outcome: Promise<Message>}} `outcome` rejects on a final no
   */
  send(room, text, { cid = newCid(), replyTo } = {}) {
    const fields = { room, cid, text, ...(replyTo && { reply_to: replyTo }) };
    const outcome = new Promise((resolve, reject) => {
      const entry = { room, cid, fields, sentAt: null, resolve, reject };
      if (this.error) return this.#settle(entry, { error: this.error });
      if (!this.#lanes.has(room)) this.#lanes.set(room, { entries: [], busy: false, timer: undefined, backoff: new Backoff(this.#options.backoff) });
      this.#lanes.get(room).entries.push(entry);
      this.#drain(room);
    });
    // A program need not look at every outcome.
    outcome.catch(() => {});
    return { cid, outcome };
  }

  /**
   * One try of a command. Without a connection it fails at once with `disconnected`.
   *
   * @param {string} command
   * @param {object} [fields]
   * @returns {Promise<any>}
   */
  call(command, fields = {}, { timeout = this.#options.ackTimeout } = {}) {
    return new Promise((resolve, reject) => this.#ask(command, fields, timeout, resolve, reject));
  }

  /** @returns {Promise<number>} the room's id, by which it is known in `rooms` */
  async join(room, { create = false } = {}) {
    return (await this.call("room_join", { room, create })).room.id;
  }

  async leave(room) {
    await this.call("room_leave", { room });
  }

  history(room, fields = {}) {
    return this.call("history", { room, ...fields });
  }

  sync(room, rev, fields = {}) {
    return this.call("room_sync", { room, rev, ...fields });
  }

  members(room, fields = {}) {
    return this.call("room_members", { room, ...fields });
  }

  async readMark(room, seq) {
    await this.call("read_mark", { room, seq });
  }

  async typing(room, on) {
    await this.call("typing", { room, on });
  }

  /** End the connection. What was not acknowledged fails with `closed`, its fate unknown. */
  close() {
    this.#gone(new HubbubError({ code: "closed", message: "The client was closed.", retryable: true }));
  }

  // Connecting.

  #open() {
    if (this.error || this.#socket) return;
    const { transports, connect } = this.#options;
    const socket = connect(`${this.#url}/chat`, {
      auth: this.#auth, transports, tryAllTransports: true, reconnection: false, forceNew: true, timeout: OPEN_TIMEOUT,
    });
    this.#socket = socket;
    // socket.io-client waits for ever on a server that accepts the transport and then says nothing.
    this.#openTimer = setTimeout(() => this.#lost(socket, "timeout"), 2 * OPEN_TIMEOUT);
    socket.onAny((event, fact) => {
      if (socket === this.#socket) this.#heard(event, fact);
    });
    socket.on("connect_error", (error) => {
      if (FINAL.has(error.data?.code)) this.#gone(new HubbubError({ code: error.data.code, message: error.message }));
      else this.#lost(socket, error.message);
    });
    socket.on("disconnect", (reason) => this.#lost(socket, reason));
  }

  #lost(socket, reason) {
    if (socket !== this.#socket) return;
    this.#socket = null;
    socket.disconnect();
    this.#endConnection(reason);
    const wait = this.#backoff.next();
    this.#retryTimer = setTimeout(() => this.#open(), wait);
    this.#tell("retrying", reason, wait);
  }

  #endConnection(reason) {
    const wasReady = this.#ready;
    clearTimeout(this.#openTimer);
    this.#ready = false;
    this.#early = [];
    for (const fail of [...this.#asked]) fail(new HubbubError({ code: "disconnected", message: reason, retryable: true }));
    for (const [room, reading] of this.#readings) {
      // A new connection reads anew, whether or not the old answers have been told of their fate yet.
      Object.assign(reading, { running: null, again: false });
      room.lost();
    }
    if (!wasReady) return;
    // Not at once: a server that takes and drops connections must not be asked faster and faster.
    if (performance.now() - this.#openedAt > this.#options.backoff[1]) this.#backoff.reset();
    this.#record("state", { state: "disconnected", reason });
    this.#tell("disconnected", reason);
  }

  /** The end: nothing is tried any more. */
  #gone(error) {
    if (this.error) return;
    this.error = error;
    const socket = this.#socket;
    this.#socket = null;
    clearTimeout(this.#retryTimer);
    this.#endConnection(error.message);
    socket?.disconnect();
    for (const { timer } of this.#readings.values()) clearTimeout(timer);
    for (const lane of this.#lanes.values()) {
      clearTimeout(lane.timer);
      for (const entry of lane.entries.splice(0)) this.#settle(entry, { error });
    }
    this.#record("state", { state: "gone", reason: error.code });
    this.#tell("gone", error);
  }

  // Facts.

  #heard(event, fact) {
    if (!this.#ready && !["welcome", "session_ended", "notice"].includes(event)) {
      this.#early.push([event, fact]);
      return;
    }
    switch (event) {
      case "welcome": return this.#welcome(fact);
      case "message_new":
      case "message_changed": return this.#offer(fact.room, fact.rev, { message: fact.message });
      case "room_changed": return this.#offer(fact.room.id, fact.rev, { info: fact.room });
      case "room_added": return this.#put(fact.room);
      case "room_removed": return this.#remove(fact.room, fact.reason);
      case "heads": return this.#heads(fact.rooms);
      case "session_ended": return this.#gone(new HubbubError({ code: "session_ended", message: fact.reason }));
      default: this.#tell(event, fact);
    }
  }

  #welcome(welcome) {
    const { epoch, rooms, user } = welcome;
    if (this.epoch !== null && this.epoch !== epoch) for (const room of this.rooms.values()) room.restart({ forget: true });
    this.epoch = epoch;
    this.user = user;
    this.#openedAt = performance.now();
    this.#ready = true;
    clearTimeout(this.#openTimer);
    this.#record("state", { state: "connected", reason: epoch });
    const mine = new Set(rooms.map(({ id }) => id));
    for (const id of [...this.rooms.keys()]) if (!mine.has(id)) this.#remove(id, "removed");
    for (const info of rooms) this.#put(info);
    for (const [event, fact] of this.#early.splice(0)) this.#heard(event, fact);
    for (const id of this.#lanes.keys()) this.#drain(id);
    this.#tell("connected", welcome);
  }

  /** A room that we are in, as `welcome`, `room_added` or an ack tells it. */
  #put(info) {
    let room = this.rooms.get(info.id);
    if (room) {
      room.info = info;
    } else {
      room = new Room(info, this.#options);
      this.rooms.set(info.id, room);
      this.#readings.set(room, { running: null, again: false, timer: undefined, backoff: new Backoff(this.#options.backoff) });
      this.#record("room", { room: room.id, state: "added", rev: room.rev });
      this.#tell("room_added", room);
    }
    if (room.rev !== info.head.rev) this.#catchUp(room);
  }

  #remove(id, reason) {
    const room = this.rooms.get(id);
    if (!room) return;
    clearTimeout(this.#readings.get(room).timer);
    this.#readings.delete(room);
    this.rooms.delete(id);
    this.#record("room", { room: id, state: "removed", reason });
    this.#tell("room_removed", room, reason);
  }

  #heads(heads) {
    for (const [id, head] of Object.entries(heads)) {
      const room = this.rooms.get(Number(id));
      if (room && (room.rev === null || head.rev > room.rev)) this.#catchUp(room);
    }
  }

  #offer(id, rev, fact) {
    this.#record("heard", { room: id, rev, ...marks(fact.message) });
    const room = this.rooms.get(id);
    if (room) this.#took(room, room.offer(rev, fact), "fact");
  }

  #took(room, changes, how) {
    for (const { rev, message, isNew } of changes) {
      this.#record("applied", { room: room.id, how, new: isNew, rev, ...marks(message) });
      if (!message) this.#tell("room_changed", room);
      else if (isNew) this.#tell("message", room, message);
      else if (how !== "history") this.#tell("changed", room, message);
    }
    const reading = this.#readings.get(room);
    if (room.gap && reading && !reading.running) this.#later(room, this.#options.hold);
  }

  // Reading what was missed.

  /** Look again after a while, unless that is planned already. */
  #later(room, wait) {
    const reading = this.#readings.get(room);
    reading.timer ??= setTimeout(() => {
      reading.timer = undefined;
      if (room.gap || room.rev === null || reading.again) this.#catchUp(room);
    }, wait);
  }

  async #catchUp(room) {
    const reading = this.#readings.get(room);
    if (!reading || !this.#ready) return;
    if (reading.running) {
      // What is missing now may be newer than the answer on its way.
      reading.again = true;
      return;
    }
    const turn = {};
    Object.assign(reading, { running: turn, again: false });
    const stale = () => reading.running !== turn || this.#readings.get(room) !== reading;
    try {
      await (room.rev === null ? this.#load(room, stale) : this.#sync(room, room.rev, stale));
    } catch (error) {
      if (stale()) return;
      reading.running = null;
      // After a lost connection `welcome` tells anew what is missing; a final no means that we are out.
      if (!(error instanceof HubbubError)) throw error;
      if (error.code === "disconnected" || OUTSIDE.has(error.code)) return;
      reading.again = true;
      this.#later(room, Math.max(reading.backoff.next(), 1000 * (error.retryAfter ?? 0)));
    }
  }

  async #sync(room, from, stale) {
    const messages = [];
    for (let info, rev = from; ; ) {
      const page = await this.call("room_sync", { room: room.id, rev, limit: 500 });
      if (stale()) return;
      if (page.reset) {
        room.restart({ forget: false });
        await this.#load(room, stale);
        return;
      }
      messages.push(...page.messages);
      info = page.room ?? info;
      rev = page.messages.at(-1)?.rev ?? rev;
      if (page.more) continue;
      this.#caughtUp(room, room.synced(messages, page.head, info), "sync");
      return;
    }
  }

  async #load(room, stale) {
    let messages = [];
    let head;
    let more = true;
    while (more && messages.length < this.#options.keep) {
      const before = messages.length ? { before: messages[0].seq } : {};
      const page = await this.call("history", { room: room.id, limit: 100, ...before });
      if (stale()) return;
      messages = [...page.messages, ...messages];
      head ??= page.head;
      more = page.more_before;
    }
    this.#record("room", { room: room.id, state: "reset", rev: head.rev });
    const changes = room.loaded(messages, head);
    this.#tell("reset", room);
    this.#caughtUp(room, changes, "history");
  }

  #caughtUp(room, changes, how) {
    const reading = this.#readings.get(room);
    reading.running = null;
    reading.backoff.reset();
    this.#record("read", { room: room.id, rev: room.rev, how });
    this.#took(room, changes, how);
    if (reading.again) this.#catchUp(room);
  }

  // Sending.

  /** Send the room's messages one after the other until none is left, or the connection is gone. */
  async #drain(id) {
    const lane = this.#lanes.get(id);
    const [entry] = lane.entries;
    if (lane.busy || !entry || !this.#ready) return;
    lane.busy = true;
    entry.sentAt ??= Date.now() / 1000;
    this.#record("sent", { room: id, cid: entry.cid });
    const { result, error } = await this.call("message_send", entry.fields).then((result) => ({ result }), (error) => ({ error }));
    // Whoever ended the client has settled what was left.
    if (this.error) return;
    lane.busy = false;
    if (error?.retryable && error.code !== "disconnected") {
      lane.busy = true;
      lane.timer = setTimeout(() => {
        lane.busy = false;
        this.#drain(id);
      }, Math.max(lane.backoff.next(), 1000 * (error.retryAfter ?? 0)));
      return;
    }
    if (error?.code !== "disconnected") {
      lane.backoff.reset();
      lane.entries.shift();
      this.#settle(entry, { result, error });
    }
    // After a lost connection this waits for the next `welcome`, or finds it there already.
    this.#drain(id);
  }

  #settle({ room, cid, sentAt, resolve, reject }, { result, error }) {
    const outcome = error ? error.code : result.duplicate ? "duplicate" : "sent";
    this.#record("settled", { outcome, sent_at: sentAt, ...marks(result?.message), room, cid });
    if (error) reject(error);
    else resolve(result.message);
  }

  // Commands.

  #ask(command, fields, timeout, resolve, reject) {
    if (!this.#ready) {
      reject(this.error ?? new HubbubError({ code: "disconnected", message: "There is no connection.", retryable: true }));
      return;
    }
    const done = () => {
      clearTimeout(timer);
      return this.#asked.delete(fail);
    };
    const fail = (error) => done() && reject(error);
    const timer = setTimeout(() => fail(new HubbubError({ code: "timeout", message: "There was no answer in time.", retryable: true })), timeout);
    this.#asked.add(fail);
    // An ack that comes after its time is not waited for any more.
    this.#socket.emit(command, fields, (ack) => {
      if (ack?.ok !== true) fail(new HubbubError(ack?.error ?? {}));
      else if (done()) {
        // Now, for the next packet may be a fact of that room.
        if (ENTERING.has(command)) this.#put(ack.room);
        resolve(ack);
      }
    });
  }

  /** The program's mistake must not stop what is to be done after it; Node hears of it all the same. */
  #tell(event, ...values) {
    try {
      this.emit(event, ...values);
    } catch (error) {
      setImmediate(() => {
        throw error;
      });
    }
  }
}

/** What tells a message from all others. */
function marks(message) {
  return message ? { id: message.id, seq: message.seq, rev: message.rev, ...(message.cid && { cid: message.cid }) } : {};
}
