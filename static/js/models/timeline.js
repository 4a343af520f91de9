import { Emitter } from "../lib/emitter.js";

const PAGE = 50;
const KEPT = 100;
const MOST_ASIDE = 500;

/**
 * The loaded part of a room's messages: one run by rising `seq` without holes, at first the newest page.
 *
 * Messages come from pages of `history`, and from changes that the room lets through in order. Where both know a message,
 * the higher `rev` wins, so it does not matter which came first. Event: "change" {kind: "append" | "prepend" | "update" |
 * "replace"}.
 */
export class Timeline extends Emitter {
  #room;
  #request;
  #onMessages;
  #headSeq = 0;
  #turn = 0;
  #last = null;
  /** Messages outside the run, by seq, in case the page that is on its way was read before them. */
  #aside = new Map();

  /** @type {object[]} */
  messages = [];
  loaded = false;
  /** @type {null | "first" | "before" | "after"} */
  loading = null;
  error = null;
  moreBefore = false;

  /**
   * @param {number} room
   * @param {(name: string, payload: object) => Promise<any>} request
   * @param {(messages: object[]) => void} [onMessages] hears of all that comes to stand in the run
   */
  constructor(room, request, onMessages = () => {}) {
    super();
    this.#room = room;
    this.#request = request;
    this.#onMessages = onMessages;
  }

  get moreAfter() {
    return this.loaded && this.#lastSeq < this.#headSeq;
  }

  get atEnd() {
    return this.loaded && !this.moreAfter;
  }

  get(seq) {
    return this.messages[seq - this.#firstSeq];
  }

  /** Whether every message from `seq` up to the room's last one is here. */
  covers(seq) {
    return this.atEnd && (seq >= this.#firstSeq || !this.moreBefore);
  }

  /** The loaded messages with a higher `seq`. */
  after(seq) {
    return this.messages.slice(Math.max(0, seq + 1 - this.#firstSeq));
  }

  async loadNewest() {
    // A jump that is on its way would put another place in the place of this one.
    if (this.atEnd && this.loading !== "first") return;
    await this.#load("first", {});
  }

  async loadBefore() {
    if (!this.loaded || this.loading || !this.moreBefore) return;
    await this.#load("before", { before: this.#firstSeq });
  }

  async loadAfter() {
    if (!this.loaded || this.loading || !this.moreAfter) return;
    await this.#load("after", { after: this.#lastSeq });
  }

  /** Have `seq` loaded. It replaces the run unless that holds it already. */
  async jumpTo(seq) {
    if (this.loaded && this.get(seq)) return;
    await this.#load("first", { around: seq });
  }

  /** Do again what failed. */
  async retry() {
    if (this.error && this.#last) await this.#load(...this.#last);
  }

  /** Begin with messages that were kept from an earlier visit, contiguous and as of the room's `rev`. */
  restore(messages, headSeq) {
    this.#headSeq = Math.max(this.#headSeq, headSeq);
    this.#replace(messages, messages[0]?.seq > 1);
  }

  /** Changes, as the room lets them through. */
  apply(messages) {
    for (const message of messages) this.#headSeq = Math.max(this.#headSeq, message.seq);
    if (this.loaded) this.#merge(messages);
    // The page that is on its way may have been read before these.
    if (this.loading) this.#keepAside(messages);
  }

  /** What was loaded is no longer true. */
  reset(headSeq) {
    this.#turn += 1;
    this.#headSeq = headSeq;
    this.#aside.clear();
    this.messages = [];
    this.loaded = false;
    this.loading = null;
    this.error = null;
    this.moreBefore = false;
    this.emit("change", { kind: "replace" });
  }

  /** Give memory back when the room is left: the newest messages stay, so that the room opens at once again. */
  trim() {
    if (this.moreAfter) this.reset(this.#headSeq);
    else this.shorten(KEPT);
  }

  /** Only the newest `many` messages are needed; below twice as many nothing is done. */
  shorten(many) {
    if (this.messages.length <= 2 * many) return;
    this.messages = this.messages.slice(-many);
    this.moreBefore = true;
    this.emit("change", { kind: "update" });
  }

  get #firstSeq() {
    return this.messages[0]?.seq ?? this.#headSeq + 1;
  }

  get #lastSeq() {
    return this.messages.at(-1)?.seq ?? 0;
  }

  async #load(kind, place) {
    const turn = (this.#turn += 1);
    this.#last = [kind, place];
    this.loading = kind;
    this.error = null;
    this.emit("change", { kind: "update" });
    try {
      const page = await this.#request("history", { room: this.#room, limit: PAGE, ...place });
      if (turn === this.#turn) this.#arrived(kind, page);
    } catch (error) {
      if (turn !== this.#turn) return;
      this.loading = null;
      this.error = error;
      this.emit("change", { kind: "update" });
    }
  }

  #arrived(kind, page) {
    this.loading = null;
    this.#headSeq = Math.max(this.#headSeq, page.head.seq);
    if (kind === "first") return this.#replace(page.messages, page.more_before);
    if (kind === "before") {
      const older = page.messages.filter((message) => message.seq < this.#firstSeq);
      this.messages = [...older, ...this.messages];
      this.moreBefore = older.length > 0 && page.more_before;
      this.#onMessages(older);
      this.#merge(this.#takeAside(), "prepend");
    } else {
      this.#merge([...page.messages, ...this.#takeAside()], "append");
    }
  }

  #replace(messages, moreBefore) {
    this.messages = messages;
    this.moreBefore = Boolean(moreBefore);
    this.loaded = true;
    this.#onMessages(messages);
    this.#merge(this.#takeAside(), "replace");
  }

  /** @param {string} [kind] what to call the change where the caller knows better */
  #merge(messages, kind) {
    let next = this.messages;
    const touch = () => (next === this.messages ? (next = [...next]) : next);
    const news = [];
    let appended = false;
    const first = this.messages[0]?.seq ?? 1;
    for (const message of inOrder([...messages, ...this.#aside.values()])) {
      const place = message.seq - first;
      if (place >= 0 && place < next.length) {
        if (message.rev > next[place].rev) {
          touch()[place] = message;
          news.push(message);
        }
      } else if (place === next.length) {
        touch().push(message);
        news.push(message);
        appended = true;
      } else {
        this.#keepAside([message]);
        continue;
      }
      this.#aside.delete(message.seq);
    }
    // Without a page on its way, only what comes after the run may ever join it.
    if (!this.loading) for (const seq of [...this.#aside.keys()]) if (seq < first) this.#aside.delete(seq);
    this.messages = next;
    if (news.length) this.#onMessages(news);
    if (kind || news.length) this.emit("change", { kind: kind ?? (appended ? "append" : "update") });
  }

  #keepAside(messages) {
    // Whatever is forgotten here, `moreAfter` still knows that it exists, and `loadAfter` reads it.
    if (this.#aside.size > MOST_ASIDE) this.#aside.clear();
    for (const message of messages) {
      const known = this.#aside.get(message.seq);
      if (!known || known.rev < message.rev) this.#aside.set(message.seq, message);
    }
  }

  #takeAside() {
    const aside = [...this.#aside.values()];
    this.#aside.clear();
    return aside;
  }
}

function inOrder(messages) {
  return messages.sort((a, b) => a.seq - b.seq || a.rev - b.rev);
}
