import { html, nothing } from "lit";

import { errorText } from "../lib/errors.js";
import { t } from "../lib/i18n.js";
import { watch } from "../lib/watch.js";
import { HubElement } from "../elements/shared/element.js";

const TYPES = { name: { type: "text", autocomplete: "name", most: 80 }, email: { type: "email", autocomplete: "email", most: 200 } };

/**
 * What the visitor is asked of themselves: before the first message what is required, after it once what is not, and an
 * address at once where nobody is there. Event: "details-done".
 */
export class HubHelpDetails extends HubElement {
  static properties = {
    model: { attribute: false },
    done: { state: true },
    wrong: { state: true },
  };

  #watch = watch(this);

  constructor() {
    super();
    this.done = false;
    this.wrong = {};
  }

  willUpdate() {
    this.#watch.set(this.model);
  }

  render() {
    const required = this.model.required;
    const fields = this.#fields(required);
    if (!fields.length) return nothing;
    return html`<form class="help-card" novalidate @submit=${this.#submitted}>
      <h2>${t(required.length ? "help.detailsFirst" : "help.details")}</h2>
      ${fields.map((name) => this.#field(name, required.includes(name)))}
      ${this.wrong.all ? html`<p class="error" role="alert">${this.wrong.all}</p>` : nothing}
      <div class="help-buttons">
        <button class="button">${t(required.length ? "help.begin" : "help.detailsSave")}</button>
        ${required.length ? nothing : html`<button type="button" class="button quiet" @click=${this.#finish}>${t("help.detailsLater")}</button>`}
      </div>
    </form>`;
  }

  #fields(required) {
    const { model } = this;
    if (!model.welcome) return [];
    const { look, here } = model.welcome;
    const asked = Object.keys(TYPES).filter((name) => look[`ask_${name}`] !== "off" && !model.details[name]);
    if (required.length) return asked;
    if (this.done || model.details.email) return [];
    // Who has only opened the window may write at once.
    if (!here && look.ask_email !== "off") return asked.includes("email") ? ["email"] : [];
    const said = model.messages.filter((message) => message.mine).length;
    return said === 1 && model.conversation?.state !== "resolved" && asked.includes("email") ? asked : [];
  }

  #field(name, required) {
    const { type, autocomplete, most } = TYPES[name];
    const wrong = this.wrong[name];
    return html`<div class="field-row">
      <label for="help-${name}">${t(`help.${name}`)}${required ? nothing : html` <small>(${t("help.optional")})</small>`}</label>
      <input id="help-${name}" name=${name} type=${type} autocomplete=${autocomplete} maxlength=${most} dir="auto" ?required=${required} aria-invalid=${Boolean(wrong)} aria-describedby=${wrong ? `help-${name}-error` : nothing}>
      ${wrong ? html`<p class="error" id="help-${name}-error">${wrong}</p>` : nothing}
    </div>`;
  }

  /** What was left out is not asked for again. */
  #finish() {
    this.done = true;
    this.tell("details-done");
  }

  async #submitted(event) {
    event.preventDefault();
    const inputs = [...event.target.querySelectorAll("input")];
    const wrong = Object.fromEntries(inputs.map((input) => [input.name, wrongIn(input)]).filter(([, words]) => words));
    this.wrong = wrong;
    await this.updateComplete;
    const first = inputs.find((input) => wrong[input.name]);
    if (first) return first.focus();
    const given = inputs.map((input) => [input.name, input.value.trim()]).filter(([, value]) => value);
    try {
      await this.model.describe(Object.fromEntries(given));
      this.#finish();
    } catch (error) {
      this.wrong = error.field in TYPES ? { [error.field]: errorText(error) } : { all: errorText(error) };
    }
  }
}

function wrongIn(input) {
  if (input.required && !input.value.trim()) return t("help.needed");
  return input.value.trim() && !input.validity.valid ? t("help.emailWrong") : null;
}

customElements.define("hub-help-details", HubHelpDetails);
