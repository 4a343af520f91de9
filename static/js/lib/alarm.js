/** As long as a timer can wait. */
const LONGEST = 2 ** 31 - 1;

/** Rings when the first of several moments has come, which may be in a year. */
export class Alarm {
  #ring;
  #timer = null;

  /** @param {() => void} ring which sets it anew, if there is more to wait for */
  constructor(ring) {
    this.#ring = ring;
  }

  /**
   * @param {(string | null)[]} moments null where there is none
   * @param {number} now by the clock that the moments are of
   */
  set(moments, now) {
    clearTimeout(this.#timer);
    const first = Math.min(...moments.filter((moment) => moment !== null).map((moment) => Date.parse(moment)));
    if (first === Infinity) return;
    this.#timer = setTimeout(() => this.#ring(), Math.min(LONGEST, Math.max(0, first - now)));
  }
}
