import { HubElement } from "./element.js";
import { holderOf, isSheet, placeBeside } from "./popover.js";

/**
 * What lies over the page beside an element, and goes with a click elsewhere: subclasses render one popover, and say where
 * the focus goes (`begin`). It opens with `openBeside`, and gives the focus back when it closes.
 */
export class HubBeside extends HubElement {
  /** @type {HTMLElement} */
  opener = null;
  align = "end";
  point = null;

  #onPointer = (event) => {
    if (this.contains(event.target)) return;
    // A tap beside a sheet does nothing else.
    if (isSheet()) swallowClick();
    this.close();
  };
  #onResize = () => this.close();

  /** The popover. */
  get box() {
    return this.firstElementChild;
  }

  connectedCallback() {
    super.connectedCallback();
    document.addEventListener("pointerdown", this.#onPointer, true);
    window.addEventListener("resize", this.#onResize);
    this.addEventListener("focusout", this.#onFocusOut);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    document.removeEventListener("pointerdown", this.#onPointer, true);
    window.removeEventListener("resize", this.#onResize);
    this.removeEventListener("focusout", this.#onFocusOut);
  }

  firstUpdated() {
    this.box.showPopover();
    this.place();
    this.#say(true);
    this.begin();
  }

  place() {
    placeBeside(this.box, this.point ? new DOMRect(this.point.x, this.point.y) : this.opener, { align: this.align });
  }

  /** Give the focus to what one begins with. */
  begin() {
    this.box.focus();
  }

  close() {
    if (!this.isConnected) return;
    const inside = this.contains(document.activeElement);
    this.remove();
    this.#say(false);
    if (inside) this.opener.focus({ preventScroll: true });
  }

  #onFocusOut = (event) => {
    if (event.relatedTarget && !this.contains(event.relatedTarget)) this.close();
  };

  /** Tell the opener's listeners, such as a screen reader, whether it is open. */
  #say(open) {
    if (this.opener.hasAttribute("aria-expanded")) this.opener.setAttribute("aria-expanded", String(open));
  }
}

/** Put an element of that kind beside its opener. */
export function openBeside(element) {
  holderOf(element.opener).append(element);
}

function swallowClick() {
  const swallow = (event) => {
    event.preventDefault();
    event.stopPropagation();
  };
  document.addEventListener("click", swallow, { capture: true, once: true });
  // A finger that moves away makes no click.
  document.addEventListener("pointerdown", () => document.removeEventListener("click", swallow, true), { once: true });
}
