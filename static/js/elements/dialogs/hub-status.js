import { html, nothing } from "lit";

import { localValue } from "../../lib/ahead.js";
import { errorText } from "../../lib/errors.js";
import { t } from "../../lib/i18n.js";
import { endOf, PRESETS, SPANS, statusOf } from "../../models/statuses.js";
import { HubDialog } from "../shared/dialog.js";
import { openEmojiPicker } from "../shared/emoji.js";
import { glyph } from "../shared/glyph.js";
import { icon } from "../shared/icon.js";
import { untilText } from "../shared/status.js";

const CHOICES = ["online", "away", "dnd"];
/** A time that was set before and stays as it is. */
const KEPT = "kept";

/** How I appear to others: with an emoji and a few words, until when. */
export class HubStatus extends HubDialog {
  static properties = {
    client: { attribute: false },
    emoji: { state: true },
    text: { state: true },
    status: { state: true },
    span: { state: true },
    error: { state: true },
    busy: { state: true },
  };

  size = "small";
  closedBy = "closerequest";

  constructor() {
    super();
    this.error = null;
    this.busy = false;
  }

  connectedCallback() {
    super.connectedCallback();
    const { me, presence } = this.client;
    const { emoji, text, until } = statusOf(me);
    Object.assign(this, { emoji, text, status: CHOICES.includes(presence.mine) ? presence.mine : "online", span: until ? KEPT : "never" });
  }

  heading() {
    return t("status.set");
  }

  content() {
    const { me } = this.client;
    const label = this.emoji ? t("status.emojiOther", { emoji: this.emoji }) : t("status.emoji");
    return html`<form class="status-form" @submit=${this.#onSubmit}>
      <div class="field-row">
        <label for="status-text">${t("status.text")}</label>
        <div class="said">
          <button type="button" class="icon-button" aria-label=${label} title=${label} @click=${this.#pick}>${this.emoji ? html`<span class="emoji">${glyph(this.emoji)}</span>` : icon("smile-plus")}</button>
          <input id="status-text" type="text" maxlength="100" autocomplete="off" dir="auto" placeholder=${t("status.placeholder")} .value=${this.text} @input=${(event) => (this.text = event.target.value)}>
          ${this.emoji || this.text ? html`<button type="button" class="icon-button" aria-label=${t("status.empty")} title=${t("status.empty")} @click=${this.#empty}>${icon("x")}</button>` : nothing}
        </div>
      </div>
      <div class="presets" role="group" aria-label=${t("status.presets")}>
        ${PRESETS.map((preset) => html`<button type="button" class="preset" @click=${() => this.#take(preset)}><span class="emoji" aria-hidden="true">${preset.emoji}</span>${t(`status.preset.${preset.name}`)}</button>`)}
      </div>
      <fieldset class="three">
        <legend>${t("status.presence")}</legend>
        ${CHOICES.map((status) => html`<label class="choice one-line" title=${t(`status.${status}`)}>
          <input type="radio" name="status" value=${status} .checked=${status === this.status} @change=${() => (this.status = status)}><span>${t(`presence.${status}`)}</span>
        </label>`)}
      </fieldset>
      <div class="field-row">
        <label for="status-span">${t("status.until.label")}</label>
        <select id="status-span" .value=${this.span} @change=${(event) => (this.span = event.target.value)}>
          ${me.status_until ? html`<option value=${KEPT} ?selected=${this.span === KEPT}>${untilText(me.status_until)}</option>` : nothing}
          ${SPANS.map((span) => html`<option value=${span} ?selected=${this.span === span}>${t(`status.until.${span}`)}</option>`)}
        </select>
      </div>
      ${this.span === "custom" ? html`<div class="field-row">
        <label for="status-end">${t("status.until.end")}</label>
        <input id="status-end" type="datetime-local" required min=${localValue(new Date())} .value=${localValue(endOf("1h", new Date()))}>
      </div>` : nothing}
      <p class="error" role="alert">${this.error ? errorText(this.error) : nothing}</p>
      <div class="buttons">
        ${me.status_text || me.status_emoji || me.status_until ? html`<button type="button" class="button quiet apart" ?disabled=${this.busy} @click=${this.#clear}>${t("status.clear")}</button>` : nothing}
        <button type="button" class="button quiet" @click=${this.close}>${t("app.cancel")}</button>
        <button class="button" ?disabled=${this.busy}>${t("app.save")}</button>
      </div>
    </form>`;
  }

  async #pick(event) {
    this.emoji = (await openEmojiPicker(event.currentTarget)) ?? this.emoji;
  }

  #take({ name, emoji, status, span }) {
    Object.assign(this, { emoji, status, span, text: t(`status.preset.${name}`) });
  }

  #empty() {
    this.emoji = this.text = "";
    this.querySelector("#status-text").focus();
  }

  #clear() {
    this.#save("online", "");
  }

  #onSubmit(event) {
    event.preventDefault();
    this.#save(this.status, this.text.trim(), { emoji: this.emoji, until: this.#until() });
  }

  /** By the server's clock, which is what ends it. */
  #until() {
    const { me, clockOffset } = this.client;
    if (this.span === KEPT) return me.status_until;
    const end = this.span === "custom" ? new Date(this.querySelector("#status-end").value) : endOf(this.span, new Date());
    if (end === null) return null;
    const relative = this.span !== "custom" && this.span !== "today" && this.span !== "week";
    return new Date(end.getTime() + (relative ? clockOffset : 0)).toISOString();
  }

  async #save(status, text, more) {
    this.busy = true;
    try {
      await this.client.choices.setStatus(status, text, more);
      this.close();
    } catch (error) {
      this.error = error;
    }
    this.busy = false;
  }
}

customElements.define("hub-status", HubStatus);
