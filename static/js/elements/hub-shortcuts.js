import { html } from "lit";

import { t } from "../lib/i18n.js";
import { HubDialog } from "./shared/dialog.js";
import { messageKeys } from "./shared/message-commands.js";
import { COMMAND, OPTION } from "./shared/shortcuts.js";

const EVERYWHERE = [
  ["jump", [[COMMAND, "K"]]],
  ["search", [[COMMAND, "F"]]],
  ["room", [[OPTION, "↑"], [OPTION, "↓"]]],
  ["unread", [[OPTION, "⇧", "↑"], [OPTION, "⇧", "↓"]]],
  ["read", [["Esc"]]],
  ["shortcuts", [["?"], [COMMAND, "/"]]],
];
const WRITING = [
  ["send", [["Enter"]]],
  ["break", [["⇧", "Enter"]]],
  ["editLast", [["↑"]]],
];
const IN_THE_LIST = [
  ["list", [["J"], ["K"], ["↑"], ["↓"]]],
  ["end", [["End"]]],
  ["menu", [["Enter"]]],
];

/** All keyboard shortcuts. */
export class HubShortcuts extends HubDialog {
  size = "wide";

  heading() {
    return t("shortcuts.heading");
  }

  content() {
    const words = ([name, ways]) => [t(`shortcuts.${name}`), ways];
    const messages = messageKeys().map(({ label, key }) => [label, [[key]]]);
    return html`<div class="content shortcut-groups" tabindex="0">
      ${this.#group("everywhere", EVERYWHERE.map(words))}
      ${this.#group("messages", [...IN_THE_LIST.map(words), ...messages])}
      ${this.#group("writing", WRITING.map(words))}
    </div>`;
  }

  #group(name, list) {
    return html`<section><h3>${t(`shortcuts.in.${name}`)}</h3><dl class="shortcuts">
      ${list.map(([label, ways]) => html`<dt>${label}</dt>
        <dd>${ways.map((keys, index) => html`${index ? html`<span class="or">/</span>` : ""}${keys.map((key) => html`<kbd>${key}</kbd>`)}`)}</dd>`)}
    </dl></section>`;
  }
}

customElements.define("hub-shortcuts", HubShortcuts);
