import { html } from "lit";

import { t } from "../lib/i18n.js";
import { COMMANDS } from "../models/slash.js";
import { HubDialog } from "./shared/dialog.js";

/** All commands that a message may be instead. */
export class HubCommandHelp extends HubDialog {
  heading() {
    return t("slash.heading");
  }

  content() {
    return html`<div class="content" tabindex="0"><dl class="commands">
        ${COMMANDS.map(({ name, args }) => html`<dt><code>/${name}</code>${args ? html` <span>${t(`slash.${name}.args`)}</span>` : ""}</dt><dd>${t(`slash.${name}.help`)}</dd>`)}
      </dl>
      <p class="hint">${t("slash.escape")}</p></div>`;
  }
}

customElements.define("hub-command-help", HubCommandHelp);
