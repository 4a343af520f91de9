import { whenIdle } from "../../lib/later.js";

/** Code and tables that are wider than their row can be focused, so that arrow keys scroll them. */
export class Wide {
  #host;
  #asked = false;

  constructor(host) {
    this.#host = host;
  }

  /** Look for them, when the browser has time. */
  look() {
    if (this.#asked) return;
    this.#asked = true;
    whenIdle(() => {
      this.#asked = false;
      for (const box of this.#host.querySelectorAll(".body :is(pre, table)")) {
        if (box.scrollWidth <= box.clientWidth) box.removeAttribute("tabindex");
        else if (box.tabIndex !== 0) box.tabIndex = 0;
      }
    });
  }
}
