import { html, nothing } from "lit";

import { aheadText, bounds, localValue, presets } from "../lib/ahead.js";
import { t } from "../lib/i18n.js";
import { HubElement } from "./shared/element.js";
import { icon } from "./shared/icon.js";
import { menuItemFor } from "./shared/menu-keys.js";
import { holderOf, placeBeside } from "./shared/popover.js";

/**
 * Let somebody choose a time to come, beside `anchor`.
 *
 * @param {HTMLElement} anchor
 * @param {{heading: string, note?: string, names: string[], offset: number, at?: string}} about `names` of presets (`lib/ahead.js`),
 *   `offset` of the server's clock, `at`: what was chosen before
 * @returns {Promise<Date | null>} null where it was closed without a choice
 */
export function chooseTime(anchor, about) {
  const choice = document.createElement("hub-when");
  choice.about = about;
  holderOf(anchor).append(choice);
  return new Promise((settle) => {
    choice.addEventListener("hub-done", () => {
      choice.remove();
      settle(choice.chosen);
    });
    choice.updateComplete.then(() => choice.show(anchor));
  });
}

/** Times that are often chosen, and one of one's own, in the time zone of this device. On narrow screens it is a sheet. */
export class HubWhen extends HubElement {
  static properties = { about: { attribute: false } };

  /** @type {Date | null} */
  chosen = null;
  #now = new Date();

  show(anchor) {
    const popup = this.querySelector("[popover]");
    popup.showPopover();
    placeBeside(popup, anchor, { align: "end" });
    this.#items[0].focus();
  }

  render() {
    const { heading, note, names, offset, at } = this.about;
    const found = presets(names, this.#now, offset);
    const { min, max } = bounds(this.#now);
    return html`<div class="menu popup when" popover="auto" role="dialog" aria-labelledby="when-heading" @toggle=${this.#onToggle} @keydown=${this.#onKey}>
      <h2 id="when-heading">${heading}</h2>
      ${found.map((preset) => html`<button type="button" @click=${() => this.#choose(preset.at)}>${icon("clock")}<span>${t(`when.${preset.name}`)}</span><small>${aheadText(preset.at)}</small></button>`)}
      <form @submit=${this.#onSubmit}>
        <label for="when-own">${t("when.own")}</label>
        <div><input id="when-own" class="input" type="datetime-local" required min=${min} max=${max} .value=${localValue(at ? new Date(at) : found.at(-1).at)}><button class="button small">${t("when.choose")}</button></div>
      </form>
      ${note ? html`<p class="note">${note}</p>` : nothing}
    </div>`;
  }

  get #items() {
    return [...this.querySelectorAll(".when > button")];
  }

  #onSubmit(event) {
    event.preventDefault();
    this.#choose(new Date(this.querySelector("input").value));
  }

  #choose(at) {
    this.chosen = at;
    this.querySelector("[popover]").hidePopover();
  }

  #onToggle(event) {
    if (event.newState === "closed") this.tell("hub-done");
  }

  /** In the field, arrows are for its parts. */
  #onKey(event) {
    const next = event.target.closest("form") ? null : menuItemFor(event, this.#items);
    if (!next) return;
    event.preventDefault();
    next.focus();
  }
}

customElements.define("hub-when", HubWhen);
