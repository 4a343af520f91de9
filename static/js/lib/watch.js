/**
 * A Lit reactive controller that renders its host again on every "change" of the watched models.
 *
 * `watch(host, model, ...)` watches a fixed set; `set(...)` in `willUpdate` replaces it and costs nothing when it is equal.
 */
class Watch {
  #host;
  #models;
  #stops = [];
  #connected = false;

  constructor(host, models) {
    this.#host = host;
    this.#models = models;
    host.addController(this);
  }

  set(...models) {
    const next = models.filter(Boolean);
    if (next.length === this.#models.length && next.every((model, i) => model === this.#models[i])) return;
    this.#stop();
    this.#models = next;
    if (this.#connected) this.#start();
  }

  hostConnected() {
    this.#connected = true;
    this.#start();
    // What changed while the host was not in the page went unseen.
    this.#host.requestUpdate();
  }

  hostDisconnected() {
    this.#connected = false;
    this.#stop();
  }

  #start() {
    this.#stops = this.#models.map((model) => model.on("change", () => this.#host.requestUpdate()));
  }

  #stop() {
    for (const stop of this.#stops) stop();
    this.#stops = [];
  }
}

export function watch(host, ...models) {
  return new Watch(host, models.filter(Boolean));
}
