import { Emitter } from "../lib/emitter.js";

const LOOK_EVERY = 5_000;
/** No page that is seen is ever that late because it is busy. */
const ASLEEP = 10_000;
/** Browsers look after a hidden page once a minute. */
const ASLEEP_HIDDEN = 90_000;

/**
 * Notices that the page has not run for a while: the lid was closed, the browser froze the tab, or "back" brought it out of
 * the browser's memory. A clock that is looked at again and again shows the first two, wherever no event tells of them.
 *
 * Event: "wake".
 */
export class Wake extends Emitter {
  #page;
  #timer = null;
  #last = 0;

  /** @param {import("../lib/page.js").Page} page */
  constructor(page) {
    super();
    this.#page = page;
    page.on("return", () => this.#woke());
  }

  start() {
    clearTimeout(this.#timer);
    this.#last = Date.now();
    this.#timer = setTimeout(() => this.#look(), LOOK_EVERY);
  }

  stop() {
    clearTimeout(this.#timer);
  }

  #look() {
    const late = Date.now() - this.#last - LOOK_EVERY;
    if (late > (this.#page.visible ? ASLEEP : ASLEEP_HIDDEN)) this.#woke();
    else this.start();
  }

  #woke() {
    this.start();
    this.emit("wake");
  }
}
