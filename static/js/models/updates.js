import { Emitter } from "../lib/emitter.js";

/**
 * Whether this page is older than the server, and a reload would mend it. The page never reloads by itself: somebody may be
 * writing. Event: "change".
 */
export class Updates extends Emitter {
  #build;
  #told = null;
  #dismissed = null;

  /** @type {null | "updated" | "refused"} `refused`: the server doesn't speak with this page any more */
  offer = null;

  /** @param {string | undefined} build what this page was loaded from */
  constructor(build) {
    super();
    this.#build = build;
  }

  /** What `welcome` says: also that an update was taken back, or that the next process is an older one again. */
  told(build) {
    this.#told = build ?? null;
    const other = Boolean(build && this.#build && build !== this.#build);
    this.#set(other && build !== this.#dismissed ? "updated" : null);
  }

  refused() {
    this.#set("refused");
  }

  /** Not now: it is offered again for the next build, or when the server refuses this page. */
  dismiss() {
    this.#dismissed = this.#told;
    this.#set(null);
  }

  #set(offer) {
    if (this.offer === offer) return;
    this.offer = offer;
    this.emit("change");
  }
}
