import { html, nothing } from "lit";

import { t } from "../lib/i18n.js";
import { watch } from "../lib/watch.js";
import { helpOf } from "../models/help.js";
import { count } from "./shared/count.js";
import { HubElement } from "./shared/element.js";
import { icon } from "./shared/icon.js";

/** The way to visitors' conversations, with how many wait. It stands there for who answers them. */
export class HubHelpLink extends HubElement {
  static properties = {
    client: { attribute: false },
    open: { type: Boolean },
  };

  #watch = watch(this);

  willUpdate() {
    const { client } = this;
    this.#watch.set(client, helpOf(client));
    if (client.phase === "ready") helpOf(client).begin();
  }

  render() {
    const { waiting } = helpOf(this.client);
    return html`<button type="button" class="room-link ${waiting ? "unread" : ""}" aria-pressed=${this.open ? "true" : "false"} title=${t("help.about")} @click=${() => this.tell("hub-help")}>
      ${icon("life-buoy")}<span class="name">${t("help.heading")}</span>${waiting ? count(waiting, "mentions", "help.list.waiting.count") : nothing}
    </button>`;
  }
}

customElements.define("hub-help-link", HubHelpLink);
