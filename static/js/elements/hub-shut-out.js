import { html, nothing } from "lit";

import { errorText } from "../lib/errors.js";
import { t } from "../lib/i18n.js";
import { watch } from "../lib/watch.js";
import { HubElement } from "./shared/element.js";
import { icon } from "./shared/icon.js";
import { reasonText, withEnd } from "./shared/sanction-words.js";

/** In the place of a room that somebody was taken out of, or is kept out of. */
export class HubShutOut extends HubElement {
  static properties = {
    client: { attribute: false },
    /** The room that is asked for. */
    wanted: { attribute: false },
    /** The one that I was taken out of, with its label and whether one may come in by oneself. */
    lost: { attribute: false },
    error: { state: true },
  };

  #watch = watch(this);

  constructor() {
    super();
    this.error = null;
  }

  willUpdate(changed) {
    this.#watch.set(this.client.sanctions);
    if (changed.has("wanted")) this.error = null;
  }

  render() {
    const ban = this.client.sanctions.banFrom(this.wanted);
    const lost = this.lost?.id === this.wanted ? this.lost : null;
    const room = lost?.label ?? t("shutOut.thisRoom");
    return html`<div class="empty">
      <span class="badge ${ban ? "danger" : ""}">${icon(ban ? "ban" : "door-open")}</span>
      <h2 dir="auto">${t(ban ? "shutOut.banned" : "shutOut.removed", { room })}</h2>
      <p role="status">${ban ? withEnd("shutOut.bannedText", ban) : t(lost?.open ? "shutOut.openText" : "shutOut.closedText", { room })}</p>
      ${ban ? reasonText(ban) : nothing}
      ${this.error ? html`<p class="error" role="alert">${errorText(this.error)}</p>` : nothing}
      <div class="actions">
        ${!ban && lost?.open ? html`<button type="button" class="button" @click=${this.#join}>${t("shutOut.join")}</button>` : nothing}
        <button type="button" class="button quiet" @click=${() => this.tell("hub-dialog", { name: "directory" })}>${t("sidebar.browse")}</button>
      </div>
    </div>`;
  }

  async #join() {
    try {
      const room = await this.client.roomActions.join(this.wanted);
      this.tell("hub-open", { room: room.id });
    } catch (error) {
      this.error = error;
    }
  }
}

customElements.define("hub-shut-out", HubShutOut);
