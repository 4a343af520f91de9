import { html, nothing } from "lit";

import { t } from "../../lib/i18n.js";
import { watch } from "../../lib/watch.js";
import { writing } from "../../models/writing.js";
import { FORMAT_KEYS } from "../writing/composer-keys.js";
import { HubDialog } from "../shared/dialog.js";
import { messageKeys } from "../shared/message-commands.js";
import { COMMAND, OPTION } from "../shared/shortcuts.js";

const EVERYWHERE = [
  ["jump", [[COMMAND, "K"]]],
  ["search", [[COMMAND, "F"]]],
  ["inbox", [[COMMAND, "⇧", "M"]]],
  ["room", [[OPTION, "↑"], [OPTION, "↓"]]],
  ["unread", [[OPTION, "⇧", "↑"], [OPTION, "⇧", "↓"]]],
  ["read", [["Esc"]]],
  ["readAll", [["⇧", "Esc"]]],
  ["shortcuts", [["?"], [COMMAND, "/"]]],
];
const WRITING = [
  ["send", [["Enter"], [COMMAND, "Enter"]]],
  ["break", [["⇧", "Enter"]]],
  ["editLast", [["↑"]]],
];
const IN_THE_LIST = [
  ["list", [["J"], ["K"], ["↑"], ["↓"]]],
  ["end", [["End"]]],
  ["menu", [["Enter"]]],
];

/** Where Enter breaks the line, Shift+Enter sends. */
const SWAPPED = { send: [["⇧", "Enter"], [COMMAND, "Enter"]], break: [["Enter"]] };

/** All keyboard shortcuts, and the choice of what Enter does. */
export class HubShortcuts extends HubDialog {
  size = "wide";

  constructor() {
    super();
    watch(this, writing);
  }

  heading() {
    return t("shortcuts.heading");
  }

  content() {
    const named = ([name, ways]) => [t(`shortcuts.${name}`), writing.enterSends ? ways : (SWAPPED[name] ?? ways)];
    // What the toolbars have buttons for is called as there.
    const messages = messageKeys().map(({ label, key }) => [label, [[key]]]);
    const formats = Object.entries(FORMAT_KEYS).map(([name, { key, shift }]) => [t(`format.${name}`), [[COMMAND, ...(shift ? ["⇧"] : []), key.toUpperCase()]]]);
    return html`<div class="content" tabindex="0"><div class="shortcut-groups">
      ${this.#group("everywhere", EVERYWHERE.map(named))}
      ${this.#group("writing", [...WRITING.map(named), ...formats], this.#choice())}
      ${this.#group("messages", [...IN_THE_LIST.map(named), ...messages])}
    </div>`;
  }

  #choice() {
    return html`<label class="shortcuts-switch"><input type="checkbox" .checked=${writing.enterSends} @change=${(event) => (writing.enterSends = event.target.checked)}> ${t("shortcuts.enterSends")}</label>`;
  }

  #group(name, lines, first = nothing) {
    return html`<section><h3>${t(`shortcuts.in.${name}`)}</h3>${first}<dl class="shortcuts">
      ${lines.map(([label, ways]) => html`<div><dt>${label}</dt>
        <dd>${ways.map((keys, index) => html`${index ? html`<span class="or">/</span>` : ""}${keys.map((key) => html`<kbd>${key}</kbd>`)}`)}</dd></div>`)}
    </dl></section>`;
  }
}

customElements.define("hub-shortcuts", HubShortcuts);
