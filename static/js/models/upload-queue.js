import { Backoff } from "../lib/backoff.js";

/** So many at a time: more would only share the same line. */
const MOST = 3;
const LONGEST_WAIT = 30_000;
/** Whoever is to wait for longer, in seconds, decides themselves. */
const PATIENCE = 60;
/** So often a file is tried while the connection is there; then whoever sends it decides. */
const TRIES = 8;
const PASSING = new Set(["disconnected", "timeout", "unavailable", "internal", "rate_limited"]);

/**
 * Files on their way to the server, a few at a time, in the order in which they came. What fails for a passing reason is tried
 * again by itself, later and later; without a connection everything waits.
 *
 * @typedef {{state: "waiting" | "sending" | "done" | "failed", share?: number, error?: object | null, file?: object}} News
 */
export class UploadQueue {
  #send;
  #isOpen;
  #random;
  #jobs = [];

  /**
   * @param {object} options
   * @param {import("../files.js").FileDoor["send"]} options.send
   * @param {() => boolean} options.isOpen whether the server can be reached
   * @param {() => number} [options.random]
   */
  constructor({ send, isOpen, random }) {
    this.#send = send;
    this.#isOpen = isOpen;
    this.#random = random;
  }

  /**
   * @param {Blob} blob
   * @param {string} name
   * @param {(news: News) => void} tell hears what becomes of it, up to "done" or "failed"
   * @returns {() => void} gives it up
   */
  add(blob, name, tell) {
    const backoff = new Backoff({ base: 1000, max: LONGEST_WAIT, random: this.#random });
    const job = { blob, name, tell, backoff, state: "waiting", timer: null, giveUp: new AbortController() };
    this.#jobs.push(job);
    this.#next();
    return () => this.#drop(job);
  }

  /** The connection is there again: nothing waits for its time any longer. */
  wake() {
    for (const job of this.#jobs) {
      clearTimeout(job.timer);
      job.timer = null;
      job.backoff.reset();
    }
    this.#next();
  }

  /** Give up everything. */
  end() {
    for (const job of [...this.#jobs]) this.#drop(job);
  }

  #drop(job) {
    this.#jobs = this.#jobs.filter((other) => other !== job);
    clearTimeout(job.timer);
    job.giveUp.abort();
  }

  #next() {
    if (!this.#isOpen()) return;
    const flying = this.#jobs.filter((job) => job.state === "sending").length;
    const ready = this.#jobs.filter((job) => job.state === "waiting" && job.timer === null);
    for (const job of ready.slice(0, Math.max(0, MOST - flying))) this.#run(job);
  }

  async #run(job) {
    const { blob, name, tell, giveUp } = job;
    job.state = "sending";
    tell({ state: "sending", share: 0, error: null });
    let news;
    try {
      const file = await this.#send(blob, name, { signal: giveUp.signal, onProgress: (share) => giveUp.signal.aborted || tell({ state: "sending", share }) });
      news = { state: "done", share: 1, file };
    } catch (error) {
      news = this.#failed(job, error);
    }
    // It may have been given up meanwhile.
    if (this.#jobs.includes(job)) {
      if (news.state !== "waiting") this.#drop(job);
      tell(news);
    }
    this.#next();
  }

  #failed(job, error) {
    if (!PASSING.has(error.code) || job.backoff.attempts >= TRIES || error.retryAfter > PATIENCE) return { state: "failed", error };
    job.state = "waiting";
    if (this.#isOpen()) {
      const wait = Math.max(job.backoff.next(), (error.retryAfter ?? 0) * 1000);
      job.timer = setTimeout(() => {
        job.timer = null;
        this.#next();
      }, wait);
    }
    return { state: "waiting", share: 0, error };
  }
}
