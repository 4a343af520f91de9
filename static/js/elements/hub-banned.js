import { html, nothing } from "lit";

import { t } from "../lib/i18n.js";
import { HubElement } from "./shared/element.js";
import { icon } from "./shared/icon.js";
import { reasonText, withEnd } from "./shared/sanction-words.js";

/** All that is left of the page for whom the server has banned: until when, why, and the way to another account. */
export class HubBanned extends HubElement {
  static properties = { client: { attribute: false } };

  firstUpdated() {
    // What was to be read here is over with it.
    document.querySelector("hub-warning")?.remove();
    document.title = `${t("banned.heading")} · ${this.client.server}`;
    this.querySelector("h1").focus();
  }

  render() {
    const { ban } = this.client.sanctions;
    return html`<main class="empty">
      <span class="badge danger">${icon("ban")}</span>
      <h1 tabindex="-1">${t("banned.heading")}</h1>
      <p role="status">${ban ? withEnd("banned.text", ban, { server: this.client.server }) : t("banned.plain", { server: this.client.server })}</p>
      ${ban ? reasonText(ban) : nothing}
      <p class="after">${t("banned.after")}</p>
      <div class="actions"><a class="button quiet" href="/signin">${t("banned.signIn")}</a></div>
    </main>`;
  }
}

customElements.define("hub-banned", HubBanned);
