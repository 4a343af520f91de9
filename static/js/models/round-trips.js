import { Emitter } from "../lib/emitter.js";

const EVERY = 20_000;
const OFTEN = 2_000;
// While the page still loads, a round trip measures the browser more than the line.
const FIRST = 1_500;
const TIMEOUT = 5_000;
const KEPT = 60;

/** Measures how long the server takes to answer, while the page is seen. Event: "samples". */
export class RoundTrips extends Emitter {
  #socket;
  #page;
  #timer = null;
  #every = EVERY;
  #running = false;

  /** @type {{at: number, ms: number | null}[]} */
  samples = [];

  constructor(socket, page) {
    super();
    this.#socket = socket;
    this.#page = page;
  }

  get latest() {
    return this.samples.at(-1) ?? null;
  }

  /** A connection is there. */
  start() {
    this.#running = true;
    this.#soon(FIRST);
  }

  stop() {
    this.#running = false;
    clearTimeout(this.#timer);
  }

  /** Somebody looks at them: measure often, until nobody does. */
  often(often) {
    this.#every = often ? OFTEN : EVERY;
    if (this.#running) this.#soon(often ? 0 : EVERY);
  }

  /**
   * Measure now.
   *
   * @param {number} timeout in milliseconds
   * @returns {Promise<boolean>} false when the connection is still the same and its server has not answered
   */
  async measure(timeout = TIMEOUT) {
    clearTimeout(this.#timer);
    const { sid } = this.#socket;
    const begun = performance.now();
    let ms = null;
    try {
      await this.#socket.command("time", {}, { timeout });
      ms = performance.now() - begun;
    } catch (error) {
      if (error.code === "rate_limited") {
        this.#soon(EVERY);
        return true;
      }
    }
    if (!this.#running || this.#socket.sid !== sid) return true;
    this.samples = [...this.samples, { at: Date.now(), ms }].slice(-KEPT);
    this.emit("samples");
    this.#soon(this.#every);
    return ms !== null;
  }

  #soon(wait) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#page.visible && this.measure(), wait);
  }
}
