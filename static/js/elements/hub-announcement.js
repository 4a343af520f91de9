import { html, nothing } from "lit";

import { t } from "../lib/i18n.js";
import { watch } from "../lib/watch.js";
import { HubElement } from "./shared/element.js";
import { icon } from "./shared/icon.js";

/** What staff say to everybody: a bar under the header, until it is closed. */
export class HubAnnouncement extends HubElement {
  static properties = { client: { attribute: false } };

  #watch = watch(this);

  willUpdate() {
    this.#watch.set(this.client.announcement);
  }

  render() {
    const { announcement } = this.client;
    return html`<div role="status">${announcement.text
      ? html`<div class="announcement">
        ${icon("megaphone")}
        <p dir="auto">${announcement.text}</p>
        <button type="button" class="icon-button" aria-label=${t("app.close")} title=${t("app.close")} @click=${() => announcement.close()}>${icon("x")}</button>
      </div>`
      : nothing}</div>`;
  }
}

customElements.define("hub-announcement", HubAnnouncement);
