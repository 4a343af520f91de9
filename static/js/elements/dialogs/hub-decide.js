import { html, nothing } from "lit";

import { bounds, localValue } from "../../lib/ahead.js";
import { errorText } from "../../lib/errors.js";
import { t } from "../../lib/i18n.js";
import { roomSanctionsOf } from "../../models/room-sanctions.js";
import { HubDialog } from "../shared/dialog.js";
import { avatar } from "../shared/avatar.js";
import { toast } from "../hub-toast.js";

const HOUR = 3_600_000;
/** In milliseconds; null is until it is lifted, and "own" a time of one's own. */
const SPANS = { "10min": HOUR / 6, "1h": HOUR, "1d": 24 * HOUR, "7d": 168 * HOUR, "30d": 720 * HOUR, open: null };
const OWN = "own";
const FIRST = { mute: "1h", ban: "7d" };
const REASON = "decide-reason";

/**
 * Warn somebody, mute them for a time or ban them from a room: what that does, until when and why, before it is done.
 *
 * @typedef {{act: "warn" | "mute" | "ban", user: object, room: number | null, place: string, removable?: boolean, done?: (remove: boolean) => Promise<void>, closed?: () => void}} Decision
 *   without a `room` it is about the whole server; `place` is its name; what was said is deleted along if it is `removable` and that is
 *   wanted, which `done` is told after all; `closed` comes when the focus has gone back
 */
export class HubDecide extends HubDialog {
  static properties = {
    client: { attribute: false },
    about: { attribute: false },
    span: { state: true },
    error: { state: true },
    busy: { state: true },
  };

  closedBy = "closerequest";

  constructor() {
    super();
    this.error = null;
    this.busy = false;
  }

  connectedCallback() {
    super.connectedCallback();
    this.span = FIRST[this.about.act] ?? null;
  }

  heading() {
    const { act, user } = this.about;
    return t(`decide.${act}.heading`, { name: user.name });
  }

  content() {
    const { act, user, room, place, removable } = this.about;
    const params = { name: user.name, room: place };
    return html`<form class="decide" @submit=${this.#onSubmit}>
      <div class="whom">${avatar(user)}<p>${t(room === null ? `decide.${act}.everywhere` : `decide.${act}.text`, params)}</p></div>
      ${this.span ? this.#spans() : nothing}
      <div class="field-row">
        <label for=${REASON}>${t(act === "warn" ? "decide.warn.reason" : "decide.reason")}</label>
        <textarea id=${REASON} rows="3" maxlength="500" dir="auto" ?required=${act === "warn"} ?autofocus=${act === "warn"} aria-describedby="decide-hint"></textarea>
        <p class="hint" id="decide-hint">${t("decide.hint", params)}</p>
      </div>
      ${removable ? html`<label class="check"><input type="checkbox" name="remove" checked><span>${t("decide.removeToo")}</span></label>` : nothing}
      <p class="error" role="alert">${this.error ? errorText(this.error) : nothing}</p>
      <div class="buttons">
        <button type="button" class="button quiet" @click=${this.close}>${t("app.cancel")}</button>
        <button class="button danger" ?disabled=${this.busy}>${t(`decide.${act}.do`)}</button>
      </div>
    </form>`;
  }

  #spans() {
    const { min, max } = bounds(new Date());
    return html`<fieldset class="spans"><legend>${t("decide.span")}</legend>
      <div>${[...Object.keys(SPANS), OWN].map((span) => html`<label class="pill-choice"><input type="radio" name="span" value=${span} ?autofocus=${span === this.span} .checked=${span === this.span} @change=${() => (this.span = span)}><span>${t(`decide.span.${span}`)}</span></label>`)}</div>
      ${this.span === OWN ? html`<div class="field-row"><label for="decide-end">${t("decide.end")}</label>
        <input id="decide-end" type="datetime-local" required min=${min} max=${max} .value=${localValue(new Date(Date.now() + SPANS["1d"]))}></div>` : nothing}
    </fieldset>`;
  }

  /** By the server's clock, which is what ends it. */
  #until() {
    if (this.span === OWN) return new Date(this.querySelector("#decide-end").value).toISOString();
    const length = SPANS[this.span];
    return length === null ? null : new Date(Date.now() + this.client.clockOffset + length).toISOString();
  }

  async #onSubmit(event) {
    event.preventDefault();
    const { act, user, room, removable, done, closed } = this.about;
    const reason = this.querySelector(`#${REASON}`).value.trim();
    const remove = Boolean(removable && event.currentTarget.elements.remove.checked);
    this.busy = true;
    this.error = null;
    try {
      const decision = { user: user.id, room, reason };
      await roomSanctionsOf(this.client)[act](act === "warn" ? decision : { ...decision, until: this.#until() });
      await done?.(remove);
      this.close();
      closed?.();
      toast({ text: t(`decide.${act}.done`, { name: user.name }) });
    } catch (error) {
      this.error = error;
    }
    this.busy = false;
  }
}

customElements.define("hub-decide", HubDecide);
