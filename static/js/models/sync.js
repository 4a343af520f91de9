import { Backoff } from "../lib/backoff.js";

const AT_ONCE = 3;
const PAGE = 500;
const DOUBT = 400;
const DOUBT_LASTS = 30_000;

/** Answers after which asking again for the same room is no use. */
const GONE = new Set(["not_found", "forbidden", "bad_request", "unauthenticated"]);

/** Reads with `room_sync` what rooms have missed, a few rooms at a time, the most urgent first. */
export class Sync {
  #request;
  #done;
  #random;
  #waiting = new Set();
  #running = new Set();
  #again = new Set();
  #timers = new Map();
  #backoffs = new WeakMap();
  #doubts = new WeakMap();

  /**
   * @param {(name: string, payload: object) => Promise<any>} request
   * @param {{synced: (room: object, messages: object[], last: object) => void, random?: () => number,
   *   reset: (room: object, last: object) => void}} done `last` is the last page: it has the head, the counts as of that, the
   *   room if that has changed, and `since`, how often the counts had been told when it was asked for
   */
  constructor(request, { synced, reset, random }) {
    this.#request = request;
    this.#done = { synced, reset };
    this.#random = random;
  }

  /** Read what `room` has missed; `urgent` goes before all that waits. */
  ask(room, { urgent = false } = {}) {
    if (this.#running.has(room)) {
      // The answer on its way may have been read before what is missing now.
      this.#again.add(room);
      return;
    }
    if (urgent) this.#waiting = new Set([room, ...this.#waiting]);
    else this.#waiting.add(room);
    this.#next();
  }

  /**
   * The room's counts are not known exactly: ask for them a little later, unless they have become known by then. The more
   * often that is, the later, so that many changes cost few questions.
   */
  verify(room) {
    if (this.#timers.has(room)) return;
    const doubt = this.#doubts.get(room);
    const recently = doubt && Date.now() - doubt.at < DOUBT_LASTS;
    const backoff = recently ? doubt.backoff : new Backoff({ base: DOUBT, random: this.#random });
    this.#doubts.set(room, { backoff, at: Date.now() });
    this.#later(room, backoff.next(), () => !room.counted && this.ask(room));
  }

  /** The connection is gone: the next `welcome` tells anew what is missing. */
  clear() {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    this.#waiting.clear();
    this.#again.clear();
  }

  #next() {
    for (const room of this.#waiting) {
      if (this.#running.size >= AT_ONCE) return;
      this.#waiting.delete(room);
      this.#running.add(room);
      this.#run(room);
    }
  }

  async #run(room) {
    try {
      await this.#read(room);
      this.#backoffs.delete(room);
    } catch (error) {
      this.#failed(room, error);
    }
    this.#running.delete(room);
    if (this.#again.delete(room)) this.#waiting.add(room);
    this.#next();
  }

  async #read(room) {
    const messages = [];
    let rev = room.rev;
    let wire;
    for (;;) {
      const since = room.timesCounted;
      const page = await this.#request("room_sync", { room: room.id, rev, limit: PAGE });
      if (page.reset) return this.#done.reset(room, page);
      messages.push(...page.messages);
      wire = page.room ?? wire;
      rev = page.messages.at(-1)?.rev ?? rev;
      // Only the last page's `head` is known to be reached.
      if (!page.more) return this.#done.synced(room, messages, { ...page, room: wire, since });
    }
  }

  #failed(room, error) {
    if (error.code === "disconnected" || GONE.has(error.code)) return;
    const backoff = this.#backoffs.get(room) ?? new Backoff({ random: this.#random });
    this.#backoffs.set(room, backoff);
    const wait = Math.max(backoff.next(), (error.retryAfter ?? 0) * 1000);
    this.#later(room, wait, () => this.ask(room));
  }

  #later(room, wait, act) {
    clearTimeout(this.#timers.get(room));
    this.#timers.set(room, setTimeout(() => {
      this.#timers.delete(room);
      act();
    }, wait));
  }
}
