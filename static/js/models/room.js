import { Emitter } from "../lib/emitter.js";
import { t } from "../lib/i18n.js";
import { Counts } from "./counts.js";
import { Gate } from "./gate.js";
import { Members } from "./members.js";
import { Originals } from "./originals.js";
import { Pins } from "./pins.js";
import { RoomFiles } from "./room-files.js";
import { Timeline } from "./timeline.js";

/**
 * What rooms need from the client around them.
 *
 * @typedef {object} Surroundings
 * @property {() => number} me the id of whoever uses this page
 * @property {() => number} mostUnread where the server stops counting
 * @property {(name: string, payload: object) => Promise<any>} request
 * @property {import("./people.js").People} people
 * @property {import("./typing.js").Typing} typing
 * @property {import("./drafts.js").Drafts} drafts
 * @property {import("./sections.js").Sections} sections
 * @property {(room: Room) => void} onGap something is missing: read it with `room_sync`
 * @property {(room: Room) => void} onUnsure the counts are not known exactly: `room_sync` tells them too
 * @property {(message: object) => void} mark whether a word of mine calls me, as far as is known now
 * @property {(room: Room, message: object) => void} onArrival a message that is new to this page
 * @property {(messages: object[]) => void} onMessages all that comes to stand in a timeline
 */

/** One room that I am in. Events: "change", "typing", "place" (where it stands in the sidebar, or whether). */
export class Room extends Emitter {
  #around;
  #gate;
  #counts;
  #members = null;
  #pins = null;
  #files = null;
  #originals = null;

  /** @type {Timeline | null} */
  timeline = null;
  /** The "New" line stands before the first foreign message after this seq; null means nowhere. */
  newAfter = null;
  /** Marked as unread on purpose: looking at it does not make it read again, as long as it stays open. */
  keptUnread = false;
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
    this.#counts = new Counts(wire, wire.head.rev, { me: around.me, most: around.mostUnread, onUnsure: () => around.onUnsure(this) });
    this.#shared(wire);
    this.#own(wire);
  }

  get title() {
    if (this.name || this.kind !== "direct") return this.name;
    const { others } = this;
    return (others.length ? others : [this.#around.me()]).map((id) => this.#around.people.get(id).name).join(t("room.nameBetween"));
  }

  /** The ids of the others in a direct conversation. */
  get others() {
    return (this.users ?? []).filter((id) => id !== this.#around.me());
  }

  /** Whether it stands in the sidebar. A conversation in which nothing was said yet does so only for who opened it. */
  get listed() {
    return this.kind !== "direct" || this.head.seq > 0 || this.#opened || this.hasDraft;
  }

  /** Whether all that is said in it is said to me. */
  get personal() {
    return this.kind === "direct" || this.kind === "help";
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

  /** The messages at hand for everybody; loaded when they are first looked at. */
  get pins() {
    this.#pins ??= new Pins(this.id, this.#around.request);
    return this.#pins;
  }

  /** What was sent here besides words; loaded when it is first looked at. */
  get files() {
    this.#files ??= new RoomFiles(this.id, this.#around.request);
    return this.#files;
  }

  /** What replies in this room answer. */
  get originals() {
    this.#originals ??= new Originals(this.#around.request, (id) => this.timeline?.messages.find((message) => message.id === id));
    return this.#originals;
  }

  get lastRead() {
    return this.#counts.lastRead;
  }

  get unread() {
    return this.#counts.unread;
  }

  get mentions() {
    return this.#counts.mentions;
  }

  /** Unread answers to me that don't call me as well. */
  get replies() {
    return this.#counts.replies;
  }

  /** Whether the counts are exact, as far as can be told. */
  get counted() {
    return this.#counts.sure;
  }

  /** How often the server has told the counts. */
  get timesCounted() {
    return this.#counts.times;
  }

  /** The last change that was applied. */
  get rev() {
    return this.#gate.rev;
  }

  /** The timeline, made now where there was none. */
  openTimeline() {
    this.show();
    this.timeline ??= new Timeline(this.id, this.#around.request, (messages) => this.#shown(messages));
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
    this.#gate.offer(rev, () => {
      this.#around.mark(message);
      this.#counts.changed(rev, message, this.#before(message));
      this.#apply([message], rev);
      this.emit("change");
    });
  }

  /** The fact `room_changed`. */
  offerChange(rev, shared) {
    this.#gate.offer(rev, () => {
      this.#counts.passed(rev);
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
    this.#heard(wire, wire.head.rev);
    if (!behind) {
      this.#counts.skipped(wire.head.rev);
      this.#advance(wire.head.seq, wire.head.rev);
      this.#gate.advance(wire.head.rev);
    }
    this.#members?.reload();
    this.#pins?.reload();
    this.#files?.reload();
    this.#originals?.retry();
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
  synced(messages, { room: wire, head, counts, since }) {
    if (wire) {
      // What was applied while the answer was on its way is newer.
      if (head.rev >= this.rev) this.#shared(wire);
      this.#own(wire);
    }
    this.#counts.skipped(head.rev);
    this.#heard(counts, head.rev, since);
    this.#apply(messages.sort((a, b) => a.seq - b.seq), head.rev);
    this.#advance(head.seq, head.rev);
    this.#gate.advance(head.rev);
    this.emit("change");
  }

  /** What was cached is void: begin again from `head`. */
  reset(head, counts) {
    this.head = { ...head };
    this.#counts.reset(counts, head.rev);
    this.newAfter = null;
    this.timeline?.reset(head.seq);
    this.#originals?.clear();
    this.#pins?.reload();
    this.#files?.reload();
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
    const { id, name, kind, topic, head, role, involvement, unread, mentions, replies, archived, users, starred } = this;
    const counts = { last_read: this.lastRead, slow_mode: this.slowMode, member_count: this.memberCount };
    return { id, name, kind, topic, head, role, involvement, unread, mentions, replies, archived, users, starred, ...counts };
  }

  heardMembers(members, memberCount) {
    this.memberCount = memberCount;
    const mine = members.find((member) => member.user.id === this.#around.me());
    if (mine && !mine.gone) this.role = mine.role;
    this.#members?.heard(members);
    this.emit("change");
  }

  /** The fact `read`: how far I have read, on whichever device. */
  heardRead({ seq, rev, ...counts }) {
    this.#heard({ last_read: seq, ...counts }, rev);
    this.emit("change");
  }

  /** I have read up to `seq`, or with `back` no further. @returns the mark to be sent, or null if that is no news */
  mark(seq, { back = false } = {}) {
    const messages = this.timeline?.covers(seq + 1) ? this.timeline.after(seq) : null;
    const mark = this.#counts.mark(seq, { back, head: this.head.seq, applied: this.rev, messages });
    if (!mark && !back) return null;
    this.keptUnread = back;
    if (back) this.newAfter = seq;
    this.emit("change");
    return mark;
  }

  /** What became of a mark. */
  marked(mark, taken) {
    this.#counts.settled(mark, taken);
  }

  close() {
    this.#gate.close();
  }

  #heard(counts, rev, since) {
    const before = this.lastRead;
    this.#counts.heard(counts, rev, since);
    if (this.lastRead === before) return;
    // Marked as unread, or read, on another device.
    this.keptUnread = this.lastRead < before;
    if (this.keptUnread && this.newAfter !== null) this.newAfter = this.lastRead;
  }

  /** The message before the change that comes now: null if there was none, undefined if that is not known. */
  #before(message) {
    if (message.seq > this.head.seq) return null;
    const shown = this.timeline?.get(message.seq);
    return shown && shown.rev < message.rev ? shown : undefined;
  }

  #apply(messages, rev) {
    const arrivals = messages.filter((message) => message.seq > this.head.seq);
    this.#advance(messages.at(-1)?.seq ?? 0, rev);
    this.timeline?.apply(messages);
    this.#shown(messages);
    for (const message of arrivals) this.#around.onArrival(this, message);
  }

  /** Messages as they are now, from wherever. */
  #shown(messages) {
    this.#pins?.heard(messages);
    this.#files?.heard(messages);
    this.#originals?.heard(messages);
    this.#around.onMessages(messages);
  }

  #advance(seq, rev) {
    const first = this.head.seq === 0 && seq > 0;
    this.head = { seq: Math.max(this.head.seq, seq), rev: Math.max(this.head.rev, rev) };
    if (first) this.emit("place");
  }

  #shared(wire) {
    const before = this.name;
    this.name = wire.name;
    this.kind = wire.kind;
    this.topic = wire.topic;
    this.archived = wire.archived;
    this.slowMode = wire.slow_mode;
    this.memberCount = wire.member_count;
    this.keepDays = wire.keep_days ?? null;
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
}
