/**
 * Exponential back-off with jitter: try n waits between half and the whole of `base * 2^n`, at most `max` milliseconds, so
 * that a crowd which lost the same server does not come back in one instant.
 */
export class Backoff {
  #base;
  #max;
  #random;
  attempts = 0;

  constructor({ base = 1000, max = 30_000, random = Math.random } = {}) {
    this.#base = base;
    this.#max = max;
    this.#random = random;
  }

  /** The next wait in milliseconds. */
  next() {
    const whole = Math.min(this.#max, this.#base * 2 ** Math.min(this.attempts, 30));
    this.attempts += 1;
    return Math.round(whole / 2 + (whole / 2) * this.#random());
  }

  reset() {
    this.attempts = 0;
  }
}
