import { html, nothing } from "lit";

import { t } from "../lib/i18n.js";
import { count } from "./shared/count.js";
import { HubElement } from "./shared/element.js";
import { icon } from "./shared/icon.js";

/** The way to the inbox, with how much is new in it: what calls me, and what I am reminded of. */
export class HubInboxLink extends HubElement {
  static properties = {
    client: { attribute: false },
    open: { type: Boolean },
  };

  #stopCounting = () => {};

  connectedCallback() {
    super.connectedCallback();
    const { rooms, saved } = this.client;
    const stops = [[rooms, "counts"], [rooms, "change"], [saved, "change"]].map(([model, event]) => model.on(event, () => this.requestUpdate()));
    this.#stopCounting = () => stops.forEach((stop) => stop());
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#stopCounting();
  }

  render() {
    const { rooms, saved } = this.client;
    const asking = rooms.asking + saved.due(rooms).length;
    return html`<button type="button" class="room-link ${asking ? "unread" : ""}" aria-pressed=${this.open ? "true" : "false"} title=${t("inbox.about")} @click=${() => this.tell("hub-inbox")}>
      ${icon("inbox")}<span class="name">${t("inbox.heading")}</span>${asking ? count(asking, "mentions", "inbox.unread") : nothing}
    </button>`;
  }
}

customElements.define("hub-inbox-link", HubInboxLink);
