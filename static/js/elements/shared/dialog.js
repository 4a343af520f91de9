import { html } from "lit";

import { t } from "../../lib/i18n.js";
import { HubElement } from "./element.js";
import { icon } from "./icon.js";

/**
 * A modal dialog. Subclasses give `heading()` and `content()`; `size` is "", "small" or "wide".
 * It opens when it is put into the page and tells `hub-done` when it has closed, which is when its holder removes it:
 * the browser has then given the focus back to where it came from.
 */
export class HubDialog extends HubElement {
  size = "";
  /** "any" also closes with a click beside it; not for dialogs that hold typed text. */
  closedBy = "any";

  constructor() {
    super();
    // What lies in it may be done without its being done.
    this.addEventListener("hub-done", (event) => event.target !== this && event.stopImmediatePropagation());
  }

  render() {
    const id = `${this.localName}-heading`;
    return html`<dialog class="dialog ${this.size} ${this.localName}" aria-labelledby=${id} closedby=${this.closedBy} @close=${this.#closed}>
      <header>
        <h2 id=${id}>${this.heading()}</h2>
        <button type="button" class="icon-button" aria-label=${t("app.close")} @click=${this.close}>${icon("x")}</button>
      </header>
      ${this.content()}
    </dialog>`;
  }

  firstUpdated() {
    this.querySelector("dialog").showModal();
  }

  close() {
    this.querySelector("dialog")?.close();
  }

  #closed(event) {
    if (event.target === this.querySelector("dialog")) this.tell("hub-done");
  }
}
