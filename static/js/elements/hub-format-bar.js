import { html, nothing } from "lit";

import { t } from "../lib/i18n.js";
import { writing } from "../models/writing.js";
import { watch } from "../lib/watch.js";
import { FORMAT_KEYS } from "./writing/composer-keys.js";
import { HubElement } from "./shared/element.js";
import { icon } from "./shared/icon.js";
import { COMMAND } from "./shared/shortcuts.js";

const ALWAYS = [["bold", "bold"], ["code", "code"]];
const MORE = [
  ["italic", "italic"], ["strike", "strikethrough"], ["link", "link"], ["quote", "text-quote"], ["bullets", "list"],
  ["numbers", "list-ordered"], ["tasks", "list-todo"], ["block", "square-code"], ["spoiler", "eye-off"],
];

/** The buttons for formatting, most of them folded away. Tells `hub-format` {name}. */
export class HubFormatBar extends HubElement {
  static properties = { current: { state: true } };

  #watch = watch(this);

  constructor() {
    super();
    this.current = 0;
  }

  willUpdate() {
    this.#watch.set(writing);
  }

  render() {
    const open = writing.toolsOpen;
    const shown = open ? [...ALWAYS, ...MORE] : ALWAYS;
    const label = t(open ? "format.less" : "format.more");
    // One stop for the Tab key; arrow keys go from button to button.
    return html`<button type="button" class="icon-button fold" aria-label=${label} title=${label} aria-expanded=${open ? "true" : "false"} aria-controls="format-tools"
        @pointerdown=${keepFocus} @click=${() => (writing.toolsOpen = !open)}>${icon("case-sensitive")}</button>
      <div class="tools ${open ? "open" : ""}" id="format-tools" role="toolbar" aria-label=${t("format.label")} @keydown=${this.#onKey}>
        ${shown.map(([name, sign], index) => this.#button(name, sign, index === Math.min(this.current, shown.length - 1)))}
      </div>`;
  }

  #button(name, sign, stop) {
    const keys = keysOf(name);
    const label = t(`format.${name}`);
    return html`<button type="button" class="icon-button" data-format=${name} tabindex=${stop ? "0" : "-1"} aria-label=${label}
      title=${keys ? `${label} (${keys})` : label} aria-keyshortcuts=${keys ? keys.replace(COMMAND, COMMAND === "Ctrl" ? "Control" : "Meta").replace("⇧", "Shift") : nothing}
      @pointerdown=${keepFocus} @click=${() => this.tell("hub-format", { name })}>${icon(sign)}</button>`;
  }

  #onKey(event) {
    const buttons = [...this.querySelectorAll("[data-format]")];
    const at = buttons.indexOf(event.target);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    this.current = (to + buttons.length) % buttons.length;
    buttons[this.current].focus();
  }
}

/** What is selected in the field stays selected, and a phone's keyboard stays up. */
const keepFocus = (event) => event.preventDefault();

/** "Ctrl+⇧+X" for a format that has keys. */
export function keysOf(name) {
  const keys = FORMAT_KEYS[name];
  return keys ? [COMMAND, ...(keys.shift ? ["⇧"] : []), keys.key.toUpperCase()].join("+") : "";
}

customElements.define("hub-format-bar", HubFormatBar);
