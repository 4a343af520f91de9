import { html, nothing } from "lit";

import { t } from "../lib/i18n.js";
import { HubElement } from "../elements/shared/element.js";
import { icon } from "../elements/shared/icon.js";
import { enterOf, isComposing } from "../elements/writing/composer-keys.js";

/** The server counts so, whatever it takes in UTF-16. */
const characters = (text) => [...text].length;

/** Where the visitor writes. What is written stays while the connection is away. */
export class HubHelpField extends HubElement {
  static properties = {
    model: { attribute: false },
    live: { attribute: false },
    over: { state: true },
  };

  #touch = matchMedia("(pointer: coarse)");

  constructor() {
    super();
    this.over = 0;
  }

  get field() {
    return this.querySelector("textarea");
  }

  render() {
    return html`<form @submit=${this.#submitted}>
      <textarea rows="1" dir="auto" aria-label=${t("help.label")} placeholder=${t("help.place")} enterkeyhint=${this.#touch.matches ? "enter" : "send"}
        aria-invalid=${this.over > 0} @input=${this.#written} @keydown=${this.#pressed}></textarea>
      <button class="button" aria-label=${t("help.send")}>${icon("send")}</button>
      ${this.over > 0 ? html`<p class="error" role="alert">${t("help.over", { count: this.over })}</p>` : nothing}
    </form>`;
  }

  #written() {
    const { value } = this.field;
    this.over = Math.max(0, characters(value) - (this.model.welcome?.text_limit ?? Infinity));
    this.model.input(value);
  }

  #pressed(event) {
    if (event.key !== "Enter" || isComposing(event)) return;
    if (enterOf(event, { enterSends: true, touch: this.#touch.matches }) !== "send") return;
    event.preventDefault();
    if (!event.repeat) this.#send();
  }

  #submitted(event) {
    event.preventDefault();
    this.#send();
  }

  #send() {
    if (this.over > 0 || !this.model.say(this.field.value)) return this.field.focus();
    this.field.value = "";
    this.field.focus();
  }
}

customElements.define("hub-help-field", HubHelpField);
