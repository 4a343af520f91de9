import { html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";

import { errorText } from "../lib/errors.js";
import { t } from "../lib/i18n.js";
import { watch } from "../lib/watch.js";
import { helpOf } from "../models/help.js";
import { HubDialog } from "./shared/dialog.js";
import { icon } from "./shared/icon.js";

/** Canned answers, which all agents share: write one, change one, remove one. */
export class HubHelpAnswers extends HubDialog {
  static properties = {
    client: { attribute: false },
    error: { state: true },
    busy: { state: true },
  };

  closedBy = "closerequest";
  #watch = watch(this);

  constructor() {
    super();
    this.error = null;
    this.busy = false;
  }

  get #answers() {
    return helpOf(this.client).answers;
  }

  connectedCallback() {
    super.connectedCallback();
    this.#answers.load();
  }

  willUpdate() {
    this.#watch.set(this.#answers);
  }

  heading() {
    return t("help.answers");
  }

  content() {
    const { list, loaded, error } = this.#answers;
    const problem = this.error ?? error;
    return html`<div class="content tall">
      <p class="lead">${t("help.answersText")}</p>
      <form @submit=${this.#keep}>
        <div class="field-row">
          <label for="answer-short">${t("help.answerShort")}</label>
          <input id="answer-short" name="short" class="input" required maxlength="40" pattern="[^\\s\\/]+" autocomplete="off" autocapitalize="none" spellcheck="false" aria-describedby="answer-short-hint">
          <p class="hint" id="answer-short-hint">${t("help.answerShortHint")}</p>
        </div>
        <div class="field-row">
          <label for="answer-text">${t("help.answerText")}</label>
          <textarea id="answer-text" name="text" class="input" required maxlength="5000" rows="4"></textarea>
        </div>
        ${problem ? html`<p class="error" role="alert">${errorText(problem)}</p>` : nothing}
        <div class="buttons"><button class="button" ?disabled=${this.busy}>${t("help.answerKeep")}</button></div>
      </form>
      ${list.length ? html`<ul class="answer-list">${repeat(list, ({ id }) => id, (answer) => this.#row(answer))}</ul>` : loaded ? html`<p class="none">${t("help.noAnswers")}</p>` : nothing}
    </div>`;
  }

  #row(answer) {
    const remove = t("help.answerRemove", { name: answer.short });
    return html`<li>
      <button type="button" class="words" title=${t("help.answerChange")} @click=${() => this.#fill(answer)}><b>/${answer.short}</b><small dir="auto">${answer.text}</small></button>
      <button type="button" class="icon-button" aria-label=${remove} title=${remove} @click=${() => this.#do(() => this.#answers.remove(answer))}>${icon("trash-2")}</button>
    </li>`;
  }

  #fill({ short, text }) {
    const { elements } = this.querySelector("form");
    elements.short.value = short;
    elements.text.value = text;
    elements.text.focus();
  }

  async #keep(event) {
    event.preventDefault();
    const form = event.target;
    const { short, text } = form.elements;
    if (await this.#do(() => this.#answers.set(short.value, text.value))) form.reset();
  }

  async #do(work) {
    this.busy = true;
    this.error = null;
    try {
      await work();
    } catch (error) {
      this.error = error;
    }
    this.busy = false;
    return !this.error;
  }
}

customElements.define("hub-help-answers", HubHelpAnswers);
