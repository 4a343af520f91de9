import { html, nothing } from "lit";

import { errorText } from "../../lib/errors.js";
import { t } from "../../lib/i18n.js";
import { reportsOf } from "../../models/reports.js";
import { HubDialog } from "../shared/dialog.js";
import { excerpt } from "../shared/excerpt.js";
import { icon } from "../shared/icon.js";
import { roomLabel } from "../shared/words.js";
import { toast } from "../hub-toast.js";

const REASONS = ["spam", "abuse", "illegal", "other"];

/** Tell those who decide of a message, knowing who will see what. */
export class HubReport extends HubDialog {
  static properties = {
    client: { attribute: false },
    room: { attribute: false },
    message: { attribute: false },
    reason: { state: true },
    error: { state: true },
    busy: { state: true },
  };

  closedBy = "closerequest";

  constructor() {
    super();
    this.reason = null;
    this.error = null;
    this.busy = false;
  }

  heading() {
    return t("report.heading");
  }

  content() {
    const { client, message, room } = this;
    const { name } = client.people.author(message.author);
    return html`<form class="report-form" @submit=${this.#onSubmit}>
      <blockquote dir="auto"><b>${name}</b> ${excerpt(message)}</blockquote>
      <fieldset class="reasons">
        <legend>${t("report.why")}</legend>
        ${REASONS.map((reason, at) => html`<label class="choice">
          <input type="radio" name="reason" value=${reason} required ?autofocus=${at === 0} .checked=${reason === this.reason} @change=${() => (this.reason = reason)}>
          <span>${t(`report.reason.${reason}`)}</span><small>${t(`report.reason.${reason}.text`)}</small>
        </label>`)}
      </fieldset>
      <div class="field-row">
        <label for="report-comment">${t("report.comment")}</label>
        <textarea id="report-comment" rows="2" maxlength="500" dir="auto"></textarea>
      </div>
      <div class="seen">${icon("eye")}<div>
        <p>${t(room.kind === "direct" ? "report.seenDirect" : "report.seen", { room: roomLabel(room) })}</p>
        <p>${t("report.notTold", { name })}</p>
      </div></div>
      <p class="error" role="alert">${this.error ? this.#errorText() : nothing}</p>
      <div class="buttons">
        <button type="button" class="button quiet" @click=${this.close}>${t("app.cancel")}</button>
        <button class="button" ?disabled=${this.busy || !this.reason}>${t("report.send")}</button>
      </div>
    </form>`;
  }

  #errorText() {
    const { code } = this.error;
    if (code === "conflict") return t("report.again");
    return code === "rate_limited" && this.error.field ? t("report.many") : errorText(this.error);
  }

  async #onSubmit(event) {
    event.preventDefault();
    this.busy = true;
    this.error = null;
    try {
      await reportsOf(this.client).report(this.message, this.reason, this.querySelector("textarea").value.trim());
      this.close();
      toast({ text: t("report.done") });
    } catch (error) {
      this.error = error;
    }
    this.busy = false;
  }
}

customElements.define("hub-report", HubReport);
