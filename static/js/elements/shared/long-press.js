const LONG = 450;
const SLACK = 10;
/** How long after the finger has left a click may still come of the press; most browsers make none. */
const CLICK_WITHIN = 350;

/**
 * Hears a finger that rests on one of the elements that match `selector` inside `host`, but not on what it could click in
 * them. Where they are links themselves, the click that may end the press is swallowed.
 */
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
      if (event.pointerType !== "touch" || !event.isPrimary || !element) return;
      const inner = event.target.closest("a, button, textarea, input");
      if (inner && inner !== element) return;
      this.#from = event;
      this.#timer = setTimeout(() => {
        this.#timer = null;
        if (inner) swallowClick(host);
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

function swallowClick(host) {
  const swallow = (event) => {
    event.preventDefault();
    event.stopPropagation();
  };
  host.addEventListener("click", swallow, { capture: true, once: true });
  // With it go the mouse events that a browser makes of a touch, which would take the focus.
  host.addEventListener("touchend", swallow, { once: true, passive: false });
  const end = () => setTimeout(() => {
    host.removeEventListener("click", swallow, { capture: true });
    host.removeEventListener("touchend", swallow);
  }, CLICK_WITHIN);
  for (const type of ["pointerup", "pointercancel"]) window.addEventListener(type, end, { once: true });
}
