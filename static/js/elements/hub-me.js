import { html, nothing } from "lit";

import { t } from "../lib/i18n.js";
import { watch } from "../lib/watch.js";
import { avatar } from "./shared/avatar.js";
import { presenceDot } from "./shared/dot.js";
import { inQuietHours } from "../models/silence.js";
import { HubElement } from "./shared/element.js";
import { icon } from "./shared/icon.js";
import { statusLine } from "./shared/status.js";

/** Me at the sidebar's foot: a click sets how I appear. */
export class HubMe extends HubElement {
  static properties = { client: { attribute: false } };

  #watch = watch(this);
  #clock = null;

  connectedCallback() {
    super.connectedCallback();
    // Quiet hours begin and end by the clock.
    this.#clock = setInterval(() => this.requestUpdate(), 30_000);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearInterval(this.#clock);
  }

  willUpdate() {
    this.#watch.set(this.client, this.client.people, this.client.presence);
  }

  render() {
    const { me, presence } = this.client;
    const status = presence.mine;
    return html`<button type="button" class="who" title=${t("status.set")} @click=${() => this.tell("hub-dialog", { name: "status" })}>
      <span class="with-dot">${avatar(me)}${presenceDot(status)}</span>
      <span><b dir="auto">${me.name}</b><small dir="auto">${statusLine(me) ?? t(`presence.${status}`)}</small></span>
    </button>${this.#quiet()}`;
  }

  #quiet() {
    const { quietHours, clockOffset } = this.client;
    if (!inQuietHours(quietHours, Date.now() + clockOffset)) return nothing;
    return html`<a class="quiet-now" href="/settings#notifications" aria-label=${t("presence.quiet")} title=${t("presence.quiet")}>${icon("moon")}</a>`;
  }
}

customElements.define("hub-me", HubMe);
