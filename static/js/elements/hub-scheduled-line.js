import { html, nothing } from "lit";

import { aheadText } from "../lib/ahead.js";
import { t } from "../lib/i18n.js";
import { watch } from "../lib/watch.js";
import { scheduledOf } from "../models/scheduled.js";
import { HubElement } from "./shared/element.js";
import { icon } from "./shared/icon.js";
import { showScheduled } from "./shared/show-scheduled.js";

/** At the field for writing: what I have scheduled for its room, which leads to the list of all. */
export class HubScheduledLine extends HubElement {
  static properties = {
    client: { attribute: false },
    room: { attribute: false },
  };

  #watch = watch(this);

  willUpdate() {
    this.#watch.set(scheduledOf(this.client));
  }

  render() {
    const mine = scheduledOf(this.client).of(this.room.id);
    const waiting = mine.filter(({ error }) => !error);
    const refused = mine.length - waiting.length;
    if (!mine.length) return nothing;
    return html`<button type="button" class="line ${refused ? "trouble" : ""}" @click=${() => showScheduled(this.client, this)}>
      ${icon(refused ? "triangle-alert" : "calendar-clock", "small")}
      <span>${refused ? t("scheduled.lineRefused", { count: refused }) : t("scheduled.line", { count: waiting.length, time: aheadText(waiting[0].at) })}</span>
    </button>`;
  }
}

customElements.define("hub-scheduled-line", HubScheduledLine);
