const LONG = 450;
const SLACK = 10;

/** Hears a finger that rests on one of the elements that match `selector` inside `host`, but not on what it could click. */
export class LongPress {
  #timer = null;
  #from = null;

  /**
   * @param {HTMLElement} host
   * @param {string} selector
   * @param {(element: HTMLElement) => void} heard
   */
  constructor(host, selector, heard) {
    host.addEventListener("pointerdown", (event) => {
      this.#cancel();
      const element = event.target.closest(selector);
      if (event.pointerType !== "touch" || !event.isPrimary || !element || event.target.closest("a, button, textarea, input")) return;
      this.#from = event;
      this.#timer = setTimeout(() => {
        this.#timer = null;
        heard(element);
      }, LONG);
    });
    host.addEventListener("pointermove", (event) => {
      const from = this.#from;
      if (from && Math.hypot(event.clientX - from.clientX, event.clientY - from.clientY) > SLACK) this.#cancel();
    });
    for (const type of ["pointerup", "pointercancel", "scroll"]) host.addEventListener(type, () => this.#cancel(), { capture: true, passive: true });
    // The browser's own answer to a long press would lie over ours.
    host.addEventListener("contextmenu", (event) => {
      if (event.pointerType === "touch" && !event.target.closest("a")) event.preventDefault();
    });
  }

  #cancel() {
    clearTimeout(this.#timer);
    this.#timer = null;
    this.#from = null;
  }
}
