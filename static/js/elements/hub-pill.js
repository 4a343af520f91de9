import { html, nothing } from "lit";

import { t } from "../lib/i18n.js";
import { HubElement } from "./shared/element.js";
import { icon } from "./shared/icon.js";

/** The way to the newest message: with a number where some are unseen. The list hears the click. */
export class HubPill extends HubElement {
  static properties = {
    unseen: { attribute: false },
    shown: { attribute: false },
  };

  render() {
    if (!this.shown) return nothing;
    if (this.unseen) return html`<button type="button" class="pill">${icon("arrow-down", "small")}${t("messages.unseen", { count: this.unseen })}</button>`;
    return html`<button type="button" class="pill plain" aria-label=${t("messages.toEnd")} title=${t("messages.toEnd")}>${icon("arrow-down")}</button>`;
  }
}

customElements.define("hub-pill", HubPill);
