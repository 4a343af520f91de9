import { html } from "lit";

import { t } from "../lib/i18n.js";
import { HubElement } from "./shared/element.js";
import { icon } from "./shared/icon.js";
import { chooseTime } from "./hub-when.js";

const TIMES = ["1h", "tomorrow", "monday"];

/** Beside the button that sends: have it sent at another time. Tells `hub-send-at` {at: Date}. */
export class HubSendLater extends HubElement {
  static properties = {
    client: { attribute: false },
    /** Whether there is something to be sent. */
    ready: { attribute: false },
  };

  render() {
    const label = t("later.open");
    return html`<button type="button" class="icon-button ${this.ready ? "" : "idle"}" aria-haspopup="dialog" aria-label=${label} title=${label} @click=${this.#choose}>${icon("calendar-clock")}</button>`;
  }

  async #choose(event) {
    const at = await chooseTime(event.currentTarget, { heading: t("later.heading"), note: t("later.note"), names: TIMES, offset: this.client.clockOffset });
    if (at) this.tell("hub-send-at", { at });
  }
}

customElements.define("hub-send-later", HubSendLater);
