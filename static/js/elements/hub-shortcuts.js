import { html } from "lit";

import { t } from "../lib/i18n.js";
import { HubDialog } from "./shared/dialog.js";
import { COMMAND, OPTION } from "./shared/shortcuts.js";

const LIST = [
  ["jump", [[COMMAND, "K"]]],
  ["search", [[COMMAND, "F"]]],
  ["room", [[OPTION, "↑"], [OPTION, "↓"]]],
  ["unread", [[OPTION, "⇧", "↑"], [OPTION, "⇧", "↓"]]],
  ["send", [["Enter"]]],
  ["break", [["⇧", "Enter"]]],
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
  ["editLast", [["↑"]]],
  ["read", [["Esc"]]],
  ["shortcuts", [["?"], [COMMAND, "/"]]],
];

/** All keyboard shortcuts. */
export class HubShortcuts extends HubDialog {
  heading() {
    return t("shortcuts.heading");
  }

  content() {
    return html`<div class="content" tabindex="0"><dl class="shortcuts">
      ${LIST.map(([name, ways]) => html`<dt>${t(`shortcuts.${name}`)}</dt>
        <dd>${ways.map((keys, index) => html`${index ? html`<span class="or">/</span>` : ""}${keys.map((key) => html`<kbd>${key}</kbd>`)}`)}</dd>`)}
    </dl></div>`;
  }
}

customElements.define("hub-shortcuts", HubShortcuts);
