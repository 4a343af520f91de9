import { html } from "lit";

import { t } from "../lib/i18n.js";
import { watch } from "../lib/watch.js";
import { writing } from "../models/writing.js";
import { FORMAT_KEYS } from "./shared/composer-keys.js";
import { HubDialog } from "./shared/dialog.js";
import { COMMAND, OPTION } from "./shared/shortcuts.js";

const LIST = [
  ["jump", [[COMMAND, "K"]]],
  ["search", [[COMMAND, "F"]]],
  ["room", [[OPTION, "↑"], [OPTION, "↓"]]],
  ["unread", [[OPTION, "⇧", "↑"], [OPTION, "⇧", "↓"]]],
  ["send", [["Enter"], [COMMAND, "Enter"]]],
  ["break", [["⇧", "Enter"]]],
  ["editLast", [["↑"]]],
  ["list", [["J"], ["K"], ["↑"], ["↓"]]],
  ["end", [["End"]]],
  ["menu", [["Enter"]]],
  ["reply", [["R"]]],
  ["edit", [["E"]]],
  ["react", [["+"]]],
  ["pin", [["P"]]],
  ["delete", [["Del"]]],
  ["copy", [["C"]]],
  ["markUnread", [["U"]]],
  ["read", [["Esc"]]],
  ["shortcuts", [["?"], [COMMAND, "/"]]],
];

/** Those of the field's formats, which are named as its buttons are. */
const FORMATS = Object.entries(FORMAT_KEYS).map(([name, { key, shift }]) => [name, [[COMMAND, ...(shift ? ["⇧"] : []), key.toUpperCase()]]]);

/** Where Enter breaks the line, Shift+Enter sends. */
const SWAPPED = { send: [["⇧", "Enter"], [COMMAND, "Enter"]], break: [["Enter"]] };

/** All keyboard shortcuts, and the choice of what Enter does. */
export class HubShortcuts extends HubDialog {
  constructor() {
    super();
    watch(this, writing);
  }

  heading() {
    return t("shortcuts.heading");
  }

  content() {
    const keysOf = (name, ways) => (writing.enterSends ? ways : (SWAPPED[name] ?? ways));
    return html`<div class="content" tabindex="0">
      <label class="shortcuts-switch"><input type="checkbox" .checked=${writing.enterSends} @change=${(event) => (writing.enterSends = event.target.checked)}> ${t("shortcuts.enterSends")}</label>
      <dl class="shortcuts">
        ${LIST.map(([name, ways]) => this.#line(t(`shortcuts.${name}`), keysOf(name, ways)))}
        ${FORMATS.map(([name, ways]) => this.#line(t(`format.${name}`), ways))}
      </dl>
    </div>`;
  }

  #line(label, ways) {
    return html`<dt>${label}</dt>
      <dd>${ways.map((keys, index) => html`${index ? html`<span class="or">/</span>` : ""}${keys.map((key) => html`<kbd>${key}</kbd>`)}`)}</dd>`;
  }
}

customElements.define("hub-shortcuts", HubShortcuts);
