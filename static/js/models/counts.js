/** How many changes are remembered to be put on top of counts that belong to an earlier rev. */
const REMEMBERED = 300;

/**
 * What of a room I have not read: `unread` are the messages of others after `lastRead`, but for deleted ones and what the
 * room itself tells; `mentions` are those of them that call me, `replies` those that don't, but answer what I said.
 *
 * The server tells counts with the `rev` at which they are true. Between them, changes are counted here, each by its rev. A
 * higher rev is later knowledge, so counts of a lower rev than was told before are stale; counts of a lower rev than has been
 * applied by now get what was applied since on top. Where that is not known exactly, `onUnsure` asks the server again.
 *
 * Counts go up to `most`, which stands for "so many or more": nothing is on top of that, and what is taken from it is not known.
 *
 * @typedef {{last_read: number, unread: number, mentions: number, replies: number}} Told
 */
export class Counts {
  #me;
  #most;
  #onUnsure;
  /** The counts hold everything up to this rev. */
  #asOf;
  /** The rev of what the server told last, and how far I had read by that. */
  #told;
  #toldRead;
  /** Changes after `#loggedFrom`, by rising rev. A `null` stands for an effect that is not known. */
  #log = [];
  #loggedFrom;
  /** A mark of mine that the server has not confirmed: it goes before what the server says meanwhile. */
  #mark = null;

  lastRead;
  unread;
  mentions;
  replies;
  /** Whether they are exact, as far as can be told. */
  sure = true;
  /** How often the server has told them. */
  times = 0;

  /**
   * @param {Told} told
   * @param {number} rev at which that is true
   * @param {{me: () => number, most: () => number, onUnsure: () => void}} around
   */
  constructor(told, rev, { me, most, onUnsure }) {
    this.#me = me;
    this.#most = most;
    this.#onUnsure = onUnsure;
    this.#restart(told, rev);
  }

  /**
   * A change was applied.
   *
   * @param {number} rev
   * @param {object} message as it is now
   * @param {object | null | undefined} before as it was: null if it is new, undefined if that is not known
   */
  changed(rev, message, before) {
    const entry = { rev, seq: message.seq, ...this.#effect(message, before) };
    this.#remember(entry);
    if (rev <= this.#asOf) return;
    this.#asOf = rev;
    this.#add(entry);
  }

  /** Everything up to `rev` was read as current state, so its single changes are not known. */
  skipped(rev) {
    if (rev <= this.#loggedFrom) return;
    this.#loggedFrom = rev;
    this.#log = this.#log.filter((entry) => entry.rev > rev);
  }

  /** A change of the room that is none of a message. */
  passed(rev) {
    this.#asOf = Math.max(this.#asOf, rev);
  }

  /**
   * What the server says.
   *
   * @param {Told} told
   * @param {number} rev at which that is true
   * @param {number} [since] `times` when this was asked for, if it was
   */
  heard(told, rev, since = this.times) {
    if (rev < this.#told) return;
    const disagrees = rev === this.#told && (told.last_read !== this.lastRead || told.last_read !== this.#toldRead);
    // What was told since it was asked for is rather the later one.
    const overtaken = disagrees && since !== this.times;
    if (rev < this.#loggedFrom || overtaken) return this.#doubt();
    this.times += 1;
    this.#told = rev;
    this.#toldRead = told.last_read;
    this.#take(told, rev);
    // Marking changes no rev, so it is not plain which of the two was said later.
    if (disagrees) this.#doubt();
  }

  /** The server's history was replaced. */
  reset(told, rev) {
    this.#restart(told, rev);
  }

  /**
   * I have read up to `seq`; with `back` no further than that, whatever was read before.
   *
   * @param {number} seq
   * @param {object} state
   * @param {boolean} [state.back]
   * @param {number} state.head the room's last seq
   * @param {number} state.applied the last rev that was applied here
   * @param {object[] | null} state.messages all after `seq`, where they are here
   * @returns {{seq: number, back: boolean} | null} the mark to be sent; null if that is no news
   */
  mark(seq, { back = false, head, applied, messages }) {
    if (back ? seq === this.lastRead : seq <= this.lastRead) return null;
    this.#mark = { seq, back };
    this.lastRead = seq;
    if (messages) this.#recount(messages, applied);
    else this.#bound(head);
    return this.#mark;
  }

  /** The server has taken the mark, or will not. */
  settled(mark, taken = true) {
    if (mark !== this.#mark) return;
    this.#mark = null;
    if (!taken || !this.sure) this.#doubt();
  }

  /** Whether the message counts as unread, and whether as calling or answering me, wherever I have read to. */
  weigh(message) {
    const me = this.#me();
    const unread = message.author.id !== me && !message.deleted && message.kind !== "system";
    const mentions = unread && calls(message, me);
    return { unread: Number(unread), mentions: Number(mentions), replies: Number(unread && !mentions && answers(message, me)) };
  }

  #restart(told, rev) {
    this.#asOf = rev;
    this.#told = rev;
    this.#toldRead = told.last_read;
    this.#loggedFrom = rev;
    this.#log = [];
    this.#mark = null;
    this.#set(told);
  }

  #set(told) {
    this.lastRead = told.last_read;
    this.unread = told.unread;
    this.mentions = told.mentions;
    // What an earlier build of the page has kept may lack them.
    this.replies = told.replies ?? 0;
    this.sure = true;
  }

  #doubt() {
    this.sure = false;
    this.#onUnsure();
  }

  #effect(message, before) {
    const now = this.weigh(message);
    if (before === null) return now;
    const was = before ? this.weigh(before) : this.#guess(message, now);
    const unread = now.unread - was.unread;
    if (was.mentions === null) return { unread, mentions: null, replies: 0 };
    if (now.mentions === was.mentions) return { unread, mentions: 0, replies: now.replies - was.replies };
    // Whom "here" called is known to the server alone, when the message is no longer new.
    const knows = message.call !== "here" && before?.call !== "here";
    return knows ? { unread, mentions: now.mentions - was.mentions, replies: now.replies - was.replies } : { unread, mentions: null, replies: 0 };
  }

  /** How the message weighed before a change, as far as the change itself tells. */
  #guess(message, now) {
    // Reactions and pins change nothing; nothing but its deletion comes to a deleted message.
    if (!message.deleted && !message.edited_at) return now;
    const foreign = message.author.id !== this.#me() && message.kind !== "system";
    if (!foreign) return now;
    // Where nothing called or answered me, this did not either.
    const none = this.sure && this.mentions === 0 && message.seq > this.lastRead;
    if (!none) return { unread: 1, mentions: null };
    // A deleted message no longer tells what it answered.
    if (message.deleted && this.replies > 0) return { unread: 1, mentions: null };
    return { unread: 1, mentions: 0, replies: Number(answers(message, this.#me())) };
  }

  #remember(entry) {
    this.#log.push(entry);
    if (this.#log.length <= REMEMBERED) return;
    const cut = this.#log.splice(0, REMEMBERED / 2);
    this.#loggedFrom = cut.at(-1).rev;
  }

  #add({ seq, unread, mentions, replies }) {
    if (seq <= this.lastRead) return;
    this.unread = this.#sum(this.unread, unread);
    this.mentions = this.#sum(this.mentions, mentions);
    this.replies = this.#sum(this.replies, replies);
  }

  /** A count and what comes to it; null where that is not known. */
  #sum(count, change) {
    const most = this.#most();
    if (change === null || (change < 0 && count >= most)) {
      this.#doubt();
      return count;
    }
    return Math.min(most, Math.max(0, count + change));
  }

  #take(told, rev) {
    const mine = this.#mark;
    const overruled = mine && (mine.back ? told.last_read !== mine.seq : told.last_read < mine.seq);
    if (overruled) {
      // Nearly right until the server has taken the mark and says so.
      this.unread = mine.back ? Math.max(this.unread, told.unread) : Math.min(this.unread, told.unread);
      this.#fit();
      this.#asOf = Math.max(this.#asOf, rev);
      this.sure = false;
      return;
    }
    this.#set(told);
    this.#asOf = Math.max(this.#asOf, rev);
    for (const entry of this.#log) if (entry.rev > rev) this.#add(entry);
  }

  #recount(messages, applied) {
    this.unread = 0;
    this.mentions = 0;
    this.replies = 0;
    this.#asOf = applied;
    this.sure = true;
    for (const message of messages) {
      const weight = this.weigh(message);
      this.unread += weight.unread;
      this.mentions += weight.mentions;
      this.replies += weight.replies;
      if (weight.mentions && message.call === "here") this.sure = false;
    }
    this.unread = Math.min(this.#most(), this.unread);
    this.mentions = Math.min(this.#most(), this.mentions);
    this.replies = Math.min(this.#most(), this.replies);
  }

  #bound(head) {
    this.unread = Math.min(this.unread, Math.max(0, head - this.lastRead));
    this.#fit();
    this.sure = this.unread === 0;
  }

  #fit() {
    this.mentions = Math.min(this.mentions, this.unread);
    this.replies = Math.min(this.replies, this.unread - this.mentions);
  }
}

/** Whether a message calls me: by my name, with everybody in the room, or by a word of mine. */
export function calls(message, me) {
  return Boolean(message.mentions?.includes(me) || message.call || message.called);
}

/** Whether a message answers what I said. */
export function answers(message, me) {
  return message.reply_author === me;
}
