import { html, nothing } from "lit";

import { t } from "../lib/i18n.js";
import { watch } from "../lib/watch.js";
import { reportsOf } from "../models/reports.js";
import { count } from "./shared/count.js";
import { HubElement } from "./shared/element.js";
import { icon } from "./shared/icon.js";
import { isStaff, mayModerate } from "./shared/rights.js";

/** The way to what was reported, while something waits for me or it is open. */
export class HubReportsLink extends HubElement {
  static properties = {
    client: { attribute: false },
    open: { type: Boolean },
  };

  #watch = watch(this);

  willUpdate() {
    const { client } = this;
    const mine = isStaff(client.me) || client.rooms.all.some((room) => mayModerate(client.me, room));
    this.#watch.set(client, client.rooms, mine && reportsOf(client));
    if (mine && client.phase === "ready") reportsOf(client).begin();
  }

  render() {
    const { waiting } = reportsOf(this.client);
    if (!waiting && !this.open) return nothing;
    return html`<button type="button" class="room-link ${waiting ? "unread" : ""}" aria-pressed=${this.open ? "true" : "false"} title=${t("reports.about")} @click=${() => this.tell("hub-reports")}>
      ${icon("flag")}<span class="name">${t("reports.heading")}</span>${waiting ? count(waiting, "mentions", "reports.list.open.count") : nothing}
    </button>`;
  }
}

customElements.define("hub-reports-link", HubReportsLink);
