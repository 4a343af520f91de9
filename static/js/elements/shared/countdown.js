/** A reactive controller that renders its host anew every second, for as long as `counting()` says so. */
export class Countdown {
  #host;
  #counting;
  #timer = null;

  /**
   * @param {import("lit").LitElement} host
   * @param {() => boolean} counting
   */
  constructor(host, counting) {
    this.#host = host;
    this.#counting = counting;
    host.addController(this);
  }

  hostUpdated() {
    clearTimeout(this.#timer);
    if (this.#counting()) this.#timer = setTimeout(() => this.#host.requestUpdate(), 1000);
  }

  hostDisconnected() {
    clearTimeout(this.#timer);
  }
}
