import { Backoff } from "../lib/backoff.js";

const AT_ONCE = 3;
const PAGE = 500;

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

  /**
   * @param {(name: string, payload: object) => Promise<any>} request
   * @param {{synced: (room: object, messages: object[], wire: object | undefined, head: object) => void,
   *   reset: (room: object, head: object) => void, random?: () => number}} done
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
      const page = await this.#request("room_sync", { room: room.id, rev, limit: PAGE });
      if (page.reset) return this.#done.reset(room, page.head);
      messages.push(...page.messages);
      wire = page.room ?? wire;
      rev = page.messages.at(-1)?.rev ?? rev;
      // Only the last page's `head` is known to be reached.
      if (!page.more) return this.#done.synced(room, messages, wire, page.head);
    }
  }

  #failed(room, error) {
    if (error.code === "disconnected" || GONE.has(error.code)) return;
    const backoff = this.#backoffs.get(room) ?? new Backoff({ random: this.#random });
    this.#backoffs.set(room, backoff);
    const wait = Math.max(backoff.next(), (error.retryAfter ?? 0) * 1000);
    clearTimeout(this.#timers.get(room));
    this.#timers.set(room, setTimeout(() => {
      this.#timers.delete(room);
      this.ask(room);
    }, wait));
  }
}
