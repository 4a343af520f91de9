const HOLD = 300;
const MAX_HELD = 1_000;

/**
 * Lets a room's changes through in the order of `rev`, each once (protocol.md, "What is promised").
 *
 * A change is applied if it is the next one and dropped if it was applied before. One that comes too early is held for up to
 * 300 ms; if what is missing has not come by then, `onGap` is called, and the owner must `advance` or `restart` once it has
 * read the state again.
 */
export class Gate {
  #onGap;
  #held = new Map();
  #timer = null;

  /**
   * @param {number} rev the last change that is known
   * @param {() => void} onGap
   */
  constructor(rev, onGap) {
    this.rev = rev;
    this.#onGap = onGap;
  }

  /**
   * @param {number} rev
   * @param {() => void} apply
   */
  offer(rev, apply) {
    if (rev <= this.rev) return;
    if (rev === this.rev + 1) {
      this.rev = rev;
      apply();
      this.#release();
      return;
    }
    if (this.#held.size < MAX_HELD) this.#held.set(rev, apply);
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      this.#onGap();
    }, HOLD);
  }

  /** Everything up to and including `rev` has been read otherwise. */
  advance(rev) {
    if (rev > this.rev) this.rev = rev;
    this.#release();
  }

  /** Begin anew from `rev`, which may be lower than before: the server's history was replaced. */
  restart(rev) {
    this.rev = rev;
    this.#release();
  }

  close() {
    clearTimeout(this.#timer);
    this.#timer = null;
    this.#held.clear();
  }

  #release() {
    for (const rev of [...this.#held.keys()].sort((a, b) => a - b)) {
      if (rev > this.rev + 1) break;
      const apply = this.#held.get(rev);
      this.#held.delete(rev);
      if (rev === this.rev + 1) {
        this.rev = rev;
        apply();
      }
    }
    if (this.#held.size === 0) {
      clearTimeout(this.#timer);
      this.#timer = null;
    }
  }
}
