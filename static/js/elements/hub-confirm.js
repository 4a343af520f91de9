import { html } from "lit";

import { t } from "../lib/i18n.js";
import { later } from "../lib/later.js";
import { HubDialog } from "./shared/dialog.js";

/** One question before something that has no undo. Ask it with `ask()`. */
export class HubConfirm extends HubDialog {
  static properties = { question: { attribute: false } };

  size = "small";
  answer = false;

  heading() {
    return this.question.heading;
  }

  content() {
    return html`<div class="content">
      <p class="lead" dir="auto">${this.question.text}</p>
      <div class="buttons">
        <button type="button" class="button quiet" autofocus @click=${this.close}>${t("app.cancel")}</button>
        <button type="button" class="button ${this.question.harmless ? "" : "danger"}" @click=${this.#confirm}>${this.question.confirm}</button>
      </div>
    </div>`;
  }

  #confirm() {
    this.answer = true;
    this.close();
  }
}

customElements.define("hub-confirm", HubConfirm);

/** Ask {heading, text, confirm, harmless?}; settles with true when the person confirms. */
export async function ask(question) {
  await later(async () => {});
  const dialog = document.createElement("hub-confirm");
  dialog.question = question;
  return new Promise((settle) => {
    dialog.addEventListener("hub-done", () => {
      dialog.remove();
      settle(dialog.answer);
    });
    document.body.append(dialog);
  });
}
