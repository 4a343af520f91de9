import { Emitter } from "../lib/emitter.js";
import { Gate } from "./gate.js";
import { Members } from "./members.js";
import { Timeline } from "./timeline.js";

/**
 * What rooms need from the client around them.
 *
 * @typedef {object} Surroundings
 * @property {() => number} me the id of whoever uses this page
 * @property {(name: string, payload: object) => Promise<any>} request
 * @property {import("./people.js").People} people
 * @property {import("./typing.js").Typing} typing
 * @property {import("./drafts.js").Drafts} drafts
 * @property {(room: Room) => void} onGap something is missing: read it with `room_sync`
 * @property {(room: Room, message: object) => void} onArrival a message that is new to this page
 * @property {(messages: object[]) => void} onMessages all that comes to stand in a timeline
 */

/** One room that I am in. Events: "change", "typing", "place" (where it stands in the sidebar, or whether). */
export class Room extends Emitter {
  #around;
  #gate;
  #members = null;

  /** @type {Timeline | null} */
  timeline = null;
  /** The "New" line stands before the first foreign message after this seq; null means nowhere. */
  newAfter = null;
  lastRead = 0;
  /** Whether this page has shown it. */
  #opened = false;

  /**
   * @param {object} wire a Room as the server sends it
   * @param {Surroundings} around
   */
  constructor(wire, around) {
    super();
    this.#around = around;
    this.id = wire.id;
    this.head = { ...wire.head };
    this.#gate = new Gate(wire.head.rev, () => around.onGap(this));
    this.#shared(wire);
    this.#own(wire);
    this.#counts(wire);
  }

  get title() {
    if (this.name || this.kind !== "direct") return this.name;
    const { others } = this;
    return (others.length ? others : [this.#around.me()]).map((id) => this.#around.people.get(id).name).join(", ");
  }

  /** The ids of the others in a direct conversation. */
  get others() {
    return (this.users ?? []).filter((id) => id !== this.#around.me());
  }

  /** Whether it stands in the sidebar. A conversation in which nothing was said yet does so only for who opened it. */
  get listed() {
    return this.kind !== "direct" || this.head.seq > 0 || this.#opened || this.hasDraft;
  }

  get muted() {
    return this.involvement === "nothing";
  }

  get hasDraft() {
    return this.#around.drafts.has(this.id);
  }

  get typing() {
    const me = this.#around.me();
    return this.#around.typing.in(this.id).filter((id) => id !== me).map((id) => this.#around.people.get(id));
  }

  get members() {
    if (!this.#members) {
      this.#members = new Members(this.id, this.#around.request);
      this.#members.on("users", (users) => this.#around.people.put(...users));
    }
    return this.#members;
  }

  /** The last change that was applied. */
  get rev() {
    return this.#gate.rev;
  }

  /** The timeline, made now where there was none. */
  openTimeline() {
    this.show();
    this.timeline ??= new Timeline(this.id, this.#around.request, this.#around.onMessages);
    return this.timeline;
  }

  /** It was opened in this page, and stays in its sidebar. */
  show() {
    if (this.#opened) return;
    this.#opened = true;
    this.emit("place");
  }

  closeTimeline() {
    this.timeline = null;
  }

  /** A message in a fact or in an ack, whichever comes first. */
  offerMessage(rev, message) {
    this.#gate.offer(rev, () => this.#apply([message], rev));
  }

  /** The fact `room_changed`. */
  offerChange(rev, shared) {
    this.#gate.offer(rev, () => {
      this.#shared(shared);
      this.#advance(shared.head.seq, rev);
      this.emit("change");
    });
  }

  /**
   * The room as `welcome`, `room_added` or an ack tells it.
   *
   * @returns {boolean} whether the timeline has to be synced
   */
  refresh(wire) {
    const behind = this.timeline !== null && wire.head.rev !== this.rev;
    this.#shared(wire);
    this.#own(wire);
    if (behind) {
      // What was missed is counted as the sync brings it.
      this.readUpTo(wire.last_read);
    } else {
      if (wire.head.seq >= this.head.seq) this.#counts(wire);
      this.#advance(wire.head.seq, wire.head.rev);
      this.#gate.advance(wire.head.rev);
    }
    this.#members?.reload();
    this.emit("change");
    return behind;
  }

  /** What is my own of the room has changed, here or on another device. */
  heardOwn({ involvement = this.involvement, starred = this.starred }) {
    this.involvement = involvement;
    this.#star(starred);
    this.emit("change");
  }

  /** The answer to `room_sync`, all its pages together. */
  synced(messages, wire, head) {
    if (wire) {
      this.#shared(wire);
      this.#own(wire);
    }
    this.#apply(messages.sort((a, b) => a.seq - b.seq), head.rev);
    this.#advance(head.seq, head.rev);
    this.#gate.advance(head.rev);
    this.emit("change");
  }

  /** What was cached is void: begin again from `head`. */
  reset(head) {
    const news = Math.max(0, head.seq - this.head.seq);
    this.head = { ...head };
    this.lastRead = Math.min(this.lastRead, head.seq);
    this.unread = Math.min(this.unread + news, head.seq - this.lastRead);
    this.mentions = Math.min(this.mentions, this.unread);
    this.newAfter = null;
    this.timeline?.reset(head.seq);
    this.#gate.restart(head.rev);
    this.emit("change");
  }

  /** Go on from a timeline that was kept from an earlier visit; it is true as of `rev`. */
  restore(messages, rev) {
    this.#gate.restart(rev);
    this.openTimeline().restore(messages, messages.at(-1)?.seq ?? 0);
  }

  /** The room as the server would send it, to be kept for the next visit. */
  toWire() {
    const { id, name, kind, topic, head, role, involvement, unread, mentions, archived, users, starred } = this;
    const counts = { last_read: this.lastRead, slow_mode: this.slowMode, member_count: this.memberCount };
    return { id, name, kind, topic, head, role, involvement, unread, mentions, archived, users, starred, ...counts };
  }

  heardMembers(members, memberCount) {
    this.memberCount = memberCount;
    const mine = members.find((member) => member.user.id === this.#around.me());
    if (mine && !mine.gone) this.role = mine.role;
    this.#members?.heard(members);
    this.emit("change");
  }

  /** Everything up to `seq` is read, here or on another device. @returns {boolean} whether that is news */
  readUpTo(seq) {
    if (seq <= this.lastRead) return false;
    this.lastRead = seq;
    this.#recount();
    this.emit("change");
    return true;
  }

  close() {
    this.#gate.close();
  }

  #apply(messages, rev) {
    const arrivals = messages.filter((message) => message.seq > this.head.seq);
    for (const message of arrivals) this.#count(message);
    this.#advance(messages.at(-1)?.seq ?? 0, rev);
    this.timeline?.apply(messages);
    this.#around.onMessages(messages);
    for (const message of arrivals) this.#around.onArrival(this, message);
    if (arrivals.length) this.emit("change");
  }

  #advance(seq, rev) {
    const first = this.head.seq === 0 && seq > 0;
    this.head = { seq: Math.max(this.head.seq, seq), rev: Math.max(this.head.rev, rev) };
    if (first) this.emit("place");
  }

  #count(message) {
    const me = this.#around.me();
    if (message.author.id === me || message.deleted || message.seq <= this.lastRead) return;
    this.unread += 1;
    if (message.mentions?.includes(me)) this.mentions += 1;
  }

  #shared(wire) {
    const before = this.name;
    this.name = wire.name;
    this.kind = wire.kind;
    this.topic = wire.topic;
    this.archived = wire.archived;
    this.slowMode = wire.slow_mode;
    this.memberCount = wire.member_count;
    if (before !== undefined && before !== wire.name) this.emit("place");
  }

  #own(wire) {
    this.role = wire.role;
    this.involvement = wire.involvement;
    this.users = wire.users ?? this.users ?? null;
    this.#star(wire.starred ?? false);
  }

  #star(starred) {
    if (this.starred === starred) return;
    this.starred = starred;
    this.emit("place");
  }

  #counts(wire) {
    const readHere = this.lastRead > wire.last_read;
    this.lastRead = Math.max(this.lastRead, wire.last_read);
    const most = readHere ? Math.max(0, wire.head.seq - this.lastRead) : Infinity;
    this.unread = Math.min(wire.unread, most);
    this.mentions = Math.min(wire.mentions, this.unread);
  }

  #recount() {
    const left = Math.max(0, this.head.seq - this.lastRead);
    if (left > 0 && this.timeline?.covers(this.lastRead + 1)) {
      this.unread = 0;
      this.mentions = 0;
      for (const message of this.timeline.messages) this.#count(message);
    } else {
      this.unread = Math.min(this.unread, left);
      this.mentions = Math.min(this.mentions, this.unread);
    }
  }
}
