import { Emitter } from "../lib/emitter.js";

/**
 * A list that is read from the server, whole or page by page, and kept right by what is heard meanwhile and later. What was
 * asked last counts. A subclass has `load()`, which reads it from its beginning, and `merge()`. Event: "change".
 */
export class Listing extends Emitter {
  #turn = 0;
  /** What was heard while an answer was on its way, which may know less. */
  #late = [];

  /** @type {object[]} */
  list = [];
  loaded = false;
  loading = false;
  error = null;

  /** Read it again where it was read before: something may have been missed. */
  reload() {
    if (this.loaded || this.loading || this.error) this.load();
  }

  /** Things as they are now, or were when they were read. */
  heard(things) {
    if (this.loading) this.#late.push(...things);
    if (this.loaded && this.merge(things)) this.emit("change");
  }

  /**
   * Ask, and take the answer unless it is no longer wanted.
   *
   * @template T
   * @param {(isWanted: () => boolean) => Promise<T>} ask
   * @param {(answer: T, late: object[]) => void} take `late` was heard meanwhile, and is merged next
   */
  async read(ask, take) {
    const turn = (this.#turn += 1);
    const isWanted = () => turn === this.#turn;
    this.loading = true;
    this.error = null;
    this.#late = [];
    this.emit("change");
    try {
      const answer = await ask(isWanted);
      if (!isWanted()) return;
      take(answer, this.#late);
      this.loaded = true;
      this.merge(this.#late);
    } catch (error) {
      if (!isWanted()) return;
      this.error = error;
    }
    this.loading = false;
    this.emit("change");
  }

  /** Whatever is on its way is not wanted. */
  drop() {
    this.#turn += 1;
    this.loading = false;
  }
}
