import { html, nothing } from "lit";

import { t } from "../lib/i18n.js";
import { watch } from "../lib/watch.js";
import { secondsLeft } from "./hub-connection.js";
import { Countdown } from "./shared/countdown.js";
import { HubElement } from "./shared/element.js";
import { icon } from "./shared/icon.js";

/** The slim bar under the header, once the connection has been gone for three seconds. */
export class HubConnectionBar extends HubElement {
  static properties = { client: { attribute: false } };

  #watch = watch(this);

  constructor() {
    super();
    new Countdown(this, () => this.client.connection.troubled && Boolean(this.client.connection.nextTryAt));
  }

  willUpdate() {
    this.#watch.set(this.client.connection, this.client.updates);
  }

  render() {
    const { connection, updates } = this.client;
    // A page that is refused for its age gets the offer to reload; trying again is no use.
    const shown = connection.troubled && updates.offer !== "refused";
    // The region stays, so that screen readers hear what comes into it; the seconds are not for them.
    return html`<div role="status">${shown ? this.#bar(connection) : nothing}</div>`;
  }

  #bar(connection) {
    const seconds = secondsLeft(connection);
    const refused = connection.state === "refused" || connection.state === "ended";
    const text = refused ? t(`error.${connection.reason}`) : connection.state === "offline" ? t("bar.offline") : t("bar.lost");
    const known = text.startsWith("error.") ? connection.reasonText || t("error.unavailable") : text;
    return html`<div class="connection-bar">
      ${icon("wifi-off")}
      <span>${known}${seconds > 0 && !refused && connection.state !== "offline" ? html` <span aria-hidden="true">${t("bar.retryIn", { seconds })}</span>` : nothing}</span>
      ${connection.state === "offline" ? nothing : html`<button type="button" @click=${() => connection.retryNow()}>${t("bar.retry")}</button>`}
    </div>`;
  }
}

customElements.define("hub-connection-bar", HubConnectionBar);
