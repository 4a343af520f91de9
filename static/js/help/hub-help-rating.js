import { html, nothing } from "lit";

import { errorText } from "../lib/errors.js";
import { t } from "../lib/i18n.js";
import { HubElement } from "../elements/shared/element.js";
import { icon } from "../elements/shared/icon.js";

const RATINGS = [1, 2, 3, 4, 5];

/** A conversation that has ended: how it was, from 1 to 5, with some words if one likes. Writing again begins it anew. Event: "details-done". */
export class HubHelpRating extends HubElement {
  static properties = {
    model: { attribute: false },
    conversation: { attribute: false },
    chosen: { state: true },
    error: { state: true },
  };

  constructor() {
    super();
    this.chosen = null;
    this.error = null;
  }

  willUpdate(changed) {
    // It was opened again and has ended once more: it is another one to rate.
    if (changed.get("conversation")?.rating && this.conversation.rating === null) this.chosen = null;
  }

  render() {
    return html`<form class="help-card" @submit=${this.#submitted}>
      <p>${t("help.resolved")}</p>
      ${this.conversation.rating !== null ? html`<p role="status"><b>${t("help.thanks")}</b></p>` : this.#ask()}
      ${this.error ? html`<p class="error" role="alert">${errorText(this.error)}</p>` : nothing}
    </form>`;
  }

  #ask() {
    return html`<fieldset class="help-stars">
        <legend>${t("help.rate")}</legend>
        ${RATINGS.map(
          (value) => html`<label class=${this.chosen !== null && value <= this.chosen ? "on" : ""}>
            <input type="radio" class="visually-hidden" name="rating" value=${value} .checked=${this.chosen === value} @change=${() => (this.chosen = value)}>
            ${icon("star")}<span class="visually-hidden">${t(`help.rating.${value}`)}</span>
          </label>`,
        )}
      </fieldset>
      ${this.chosen === null
        ? nothing
        : html`<div class="field-row"><label for="help-comment">${t("help.comment")}</label><textarea id="help-comment" rows="2" maxlength="500" dir="auto"></textarea></div>
            <div class="help-buttons"><button class="button">${t("help.sendRating")}</button></div>`}`;
  }

  async #submitted(event) {
    event.preventDefault();
    if (this.chosen === null) return;
    this.error = null;
    try {
      await this.model.close({ rating: this.chosen, comment: this.querySelector("textarea").value });
      // What had the focus goes.
      this.tell("details-done");
    } catch (error) {
      this.error = error;
    }
  }
}

customElements.define("hub-help-rating", HubHelpRating);
