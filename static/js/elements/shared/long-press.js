const AFTER = 500;
const STRAY = 10;

/**
 * A reactive controller that tells of a finger that stays where it is. Some browsers make a "contextmenu" of that; Safari
 * on phones does not. The click that ends the press is swallowed.
 */
export class LongPress {
  #host;
  #act;
  #timer = null;
  #from = null;

  /**
   * @param {import("lit").LitElement} host
   * @param {(point: {x: number, y: number}) => void} act
   */
  constructor(host, act) {
    this.#host = host;
    this.#act = act;
    host.addController(this);
    host.addEventListener("pointerdown", (event) => this.#down(event));
    host.addEventListener("pointermove", (event) => this.#moved(event) && this.#stop());
    for (const type of ["pointerup", "pointercancel", "pointerleave", "contextmenu"]) host.addEventListener(type, () => this.#stop());
  }

  hostDisconnected() {
    this.#stop();
  }

  #down(event) {
    if (event.pointerType !== "touch") return;
    this.#from = { x: event.clientX, y: event.clientY };
    this.#timer = setTimeout(() => {
      this.#swallowClick();
      this.#act(this.#from);
    }, AFTER);
  }

  #moved(event) {
    return this.#from !== null && Math.hypot(event.clientX - this.#from.x, event.clientY - this.#from.y) > STRAY;
  }

  #stop() {
    clearTimeout(this.#timer);
    this.#from = null;
  }

  #swallowClick() {
    const swallow = (event) => {
      event.preventDefault();
      event.stopPropagation();
    };
    this.#host.addEventListener("click", swallow, { capture: true, once: true });
    // A press that ends elsewhere brings no click.
    const end = () => setTimeout(() => this.#host.removeEventListener("click", swallow, { capture: true }), 0);
    window.addEventListener("pointerup", end, { once: true });
    window.addEventListener("pointercancel", end, { once: true });
  }
}
