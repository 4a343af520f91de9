import { LitElement } from "lit";

/** The base of all elements: rendered into the light DOM, so that the page's style sheets and labels reach inside. */
export class HubElement extends LitElement {
  createRenderRoot() {
    return this;
  }

  /** Draw at once what waits to be drawn; for holders that are about to measure. */
  drawNow() {
    if (this.isUpdatePending) this.performUpdate();
  }

  /** Tell whoever holds this element; the event rises through the whole page. */
  tell(type, detail) {
    return this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true, cancelable: true }));
  }
}

const undrawn = new Set();

/** A row of a list that measures its rows: the list draws those that have changed, and need not ask each. */
export class RowElement extends HubElement {
  requestUpdate(...changed) {
    super.requestUpdate(...changed);
    if (this.isUpdatePending) undrawn.add(this);
  }
}

export function drawRows() {
  for (const row of undrawn) row.drawNow();
  undrawn.clear();
}

let frame = null;

function nextFrame() {
  frame ??= new Promise((resolve) => {
    requestAnimationFrame(() => {
      frame = null;
      resolve();
    });
  });
  return frame;
}

/** However often what it shows changes in a frame, it is drawn once in it: for what follows a room that may be busy. */
export class FrameElement extends HubElement {
  #waits = false;

  requestUpdate(...changed) {
    super.requestUpdate(...changed);
    // What waits for its frame already goes along.
    if (this.hasUpdated && this.#waits && this.urgent) queueMicrotask(() => this.drawNow());
  }

  async scheduleUpdate() {
    if (this.hasUpdated && !document.hidden && !this.urgent) {
      this.#waits = true;
      await nextFrame();
      this.#waits = false;
    }
    return super.scheduleUpdate();
  }

  /** Whether what changes must be drawn before anything else happens. */
  get urgent() {
    return false;
  }
}
