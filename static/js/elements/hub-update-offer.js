import { html, nothing } from "lit";

import { t } from "../lib/i18n.js";
import { watch } from "../lib/watch.js";
import { HubElement } from "./shared/element.js";
import { icon } from "./shared/icon.js";

/**
 * The offer to reload, once the server has newer pages than this one. It lies over the messages, so that none of them moves,
 * and leaves the moment to the person: somebody may be writing.
 */
export class HubUpdateOffer extends HubElement {
  static properties = { client: { attribute: false } };

  #watch = watch(this);

  willUpdate() {
    this.#watch.set(this.client.updates);
  }

  render() {
    const { offer } = this.client.updates;
    // The region stays, so that screen readers hear what comes into it.
    return html`<div role="status">${offer ? this.#card(offer) : nothing}</div>`;
  }

  #card(offer) {
    return html`<div class="update-offer">
      ${icon("refresh-cw")}
      <p><strong>${t("update.heading")}</strong> <span>${offer === "refused" ? t("update.refused") : t("update.ready")}</span></p>
      <button type="button" class="button small" @click=${() => location.reload()}>${t("update.reload")}</button>
      ${offer === "refused" ? nothing : html`<button type="button" class="icon-button" aria-label=${t("update.later")} title=${t("update.later")}
        @click=${this.#dismiss}>${icon("x")}</button>`}
    </div>`;
  }

  #dismiss() {
    this.client.updates.dismiss();
    // The button goes, and the focus must not go with it. On a touch screen that would call up the keyboard.
    if (matchMedia("(hover: hover)").matches) this.tell("hub-write");
  }
}

customElements.define("hub-update-offer", HubUpdateOffer);
