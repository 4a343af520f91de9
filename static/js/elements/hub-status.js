import { html, nothing } from "lit";

import { errorText } from "../lib/errors.js";
import { t } from "../lib/i18n.js";
import { HubDialog } from "./shared/dialog.js";

const CHOICES = ["online", "away", "dnd"];

/** How I appear to others, with a few words. */
export class HubStatus extends HubDialog {
  static properties = {
    client: { attribute: false },
    error: { state: true },
    busy: { state: true },
  };

  size = "small";

  constructor() {
    super();
    this.error = null;
    this.busy = false;
  }

  heading() {
    return t("status.set");
  }

  content() {
    const { me, presence } = this.client;
    const mine = CHOICES.includes(presence.mine) ? presence.mine : "online";
    return html`<form @submit=${this.#onSubmit}>
      <fieldset>
        <legend class="visually-hidden">${t("status.set")}</legend>
        ${CHOICES.map((status) => html`<label class="choice">
          <input type="radio" name="status" value=${status} ?checked=${status === mine} ?autofocus=${status === mine}>
          <span>${t(`presence.${status}`)}</span><small>${t(`status.${status}`)}</small>
        </label>`)}
      </fieldset>
      <div class="field-row">
        <label for="status-text">${t("status.text")}</label>
        <input id="status-text" type="text" maxlength="100" autocomplete="off" placeholder=${t("status.placeholder")} .value=${me.status_text ?? ""}>
      </div>
      <p class="error" role="alert">${this.error ? errorText(this.error) : nothing}</p>
      <div class="buttons">
        <button type="button" class="button quiet" @click=${this.close}>${t("app.cancel")}</button>
        <button class="button" ?disabled=${this.busy}>${t("app.save")}</button>
      </div>
    </form>`;
  }

  async #onSubmit(event) {
    event.preventDefault();
    this.busy = true;
    try {
      await this.client.setStatus(this.querySelector("input:checked").value, this.querySelector("#status-text").value.trim());
      this.close();
    } catch (error) {
      this.error = error;
    }
    this.busy = false;
  }
}

customElements.define("hub-status", HubStatus);
