import { html } from "lit";

import { t } from "../lib/i18n.js";
import { fullTime } from "../lib/time.js";
import { watch } from "../lib/watch.js";
import { HubElement } from "./shared/element.js";
import { icon } from "./shared/icon.js";
import { reasonText } from "./shared/sanction-words.js";
import { roomLabel } from "./shared/words.js";

/** A warning, over whatever somebody does, until they say that they have read it, here or on another device. Show them with `showWarnings()`. */
export class HubWarning extends HubElement {
  static properties = { client: { attribute: false } };

  #watch = watch(this);
  /** Kept, so that it does not change its words while it closes. */
  #shown = html``;

  willUpdate() {
    this.#watch.set(this.client.sanctions);
  }

  render() {
    const [warning] = this.client.sanctions.warnings;
    if (!warning) return this.#shown;
    const room = this.client.rooms.get(warning.room);
    this.#shown = html`<dialog class="dialog small hub-warning" role="alertdialog" aria-labelledby="warning-heading" aria-describedby="warning-text" closedby="none" @cancel=${(event) => event.preventDefault()}>
      <div class="content">
        <span class="badge danger">${icon("triangle-alert")}</span>
        <h2 id="warning-heading">${t("warning.heading")}</h2>
        <div id="warning-text">
          <p class="lead">${t(warning.room === null ? "warning.server" : room ? "warning.room" : "warning.otherRoom", { room: room ? roomLabel(room) : "" })}</p>
          ${reasonText(warning)}
          <p class="lead"><time datetime=${warning.created_at}>${fullTime(warning.created_at)}</time></p>
        </div>
        <div class="buttons"><button type="button" class="button" autofocus @click=${(event) => this.#close(event, warning)}>${t("warning.read")}</button></div>
      </div>
    </dialog>`;
    return this.#shown;
  }

  updated() {
    const dialog = this.querySelector("dialog");
    if (!this.client.sanctions.warnings.length) {
      dialog?.close();
      this.remove();
    } else if (!dialog.open) dialog.showModal();
  }

  /** The second click of a double one is not for the warning that comes next. */
  #close(event, warning) {
    if (event.detail < 2) this.client.sanctions.close(warning);
  }
}

customElements.define("hub-warning", HubWarning);

/** Show what there is, one after the other. */
export function showWarnings(client) {
  if (document.querySelector("hub-warning")) return;
  document.body.append(Object.assign(document.createElement("hub-warning"), { client }));
}
