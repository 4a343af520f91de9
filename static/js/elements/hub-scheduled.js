import { html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";

import { aheadText } from "../lib/ahead.js";
import { errorText } from "../lib/errors.js";
import { t } from "../lib/i18n.js";
import { fullTime } from "../lib/time.js";
import { watch } from "../lib/watch.js";
import { scheduledOf } from "../models/scheduled.js";
import { attempt } from "./shared/attempt.js";
import { HubElement } from "./shared/element.js";
import { icon } from "./shared/icon.js";
import { roomPath } from "./shared/route.js";
import { rowSkeletons } from "./shared/skeleton.js";
import { roomLabel } from "./shared/words.js";
import { chooseTime } from "./hub-when.js";
import { toast } from "./hub-toast.js";

const TIMES = ["1h", "tomorrow", "monday"];

/** What I have written to be sent later: the third list of the inbox. */
export class HubScheduled extends HubElement {
  static properties = {
    client: { attribute: false },
    /** The id of the one whose words are being changed. */
    editing: { state: true },
    busy: { state: true },
  };

  #watch = watch(this);

  constructor() {
    super();
    this.editing = null;
    this.busy = false;
  }

  get #scheduled() {
    return scheduledOf(this.client);
  }

  willUpdate() {
    this.#watch.set(this.#scheduled, this.client.rooms);
  }

  render() {
    const { list, loaded, error } = this.#scheduled;
    return html`<div class="scroll" tabindex="-1" aria-busy=${loaded || error ? "false" : "true"}>${this.#content(list, loaded, error)}</div>
      <p class="visually-hidden" role="status">${loaded && !list.length ? t("scheduled.none") : nothing}</p>`;
  }

  #content(list, loaded, error) {
    if (list.length) return html`<ul class="planned">${repeat(list, ({ id }) => id, (one) => this.#row(one))}</ul>`;
    if (loaded) return html`<div class="empty-search">${icon("calendar-clock")}<p>${t("scheduled.none")}</p></div>`;
    if (!error) return rowSkeletons(3);
    const lost = error.code === "disconnected";
    return html`<div class="empty-search" role="alert">
      ${icon(lost ? "wifi-off" : "triangle-alert")}<p>${lost ? t("scheduled.offline") : errorText(error)}</p>
      ${lost ? nothing : html`<button type="button" class="button quiet small" @click=${() => this.#scheduled.load()}>${t("app.tryAgain")}</button>`}
    </div>`;
  }

  #row(one) {
    const room = this.client.rooms.get(one.room);
    return html`<li class=${one.error ? "refused" : ""} data-id=${one.id}>
      <div class="by">
        ${room ? html`<a href=${roomPath(one.room)} dir="auto">${roomLabel(room)}</a>` : html`<b>${t("scheduled.roomLeft")}</b>`}
        <time datetime=${one.at} title=${fullTime(one.at)}>${aheadText(one.at)}</time>
      </div>
      ${this.editing === one.id ? this.#editor(one) : html`<p class="said" dir="auto">${one.text}</p>`}
      ${one.error ? html`<p class="why-not">${icon("triangle-alert", "small")}<span>${t("scheduled.refused", { reason: errorText(one.error) })}</span></p>` : nothing}
      ${this.editing === one.id ? nothing : html`<div class="acts">
        ${this.#act("edit", "pencil", () => this.#edit(one))}
        ${this.#act("when", "clock", (event) => this.#move(one, event.currentTarget), "dialog")}
        ${this.#act("sendNow", "send", () => this.#send(one))}
        ${this.#act("remove", "trash-2", () => this.#remove(one))}
      </div>`}
    </li>`;
  }

  #act(name, sign, run, popup = nothing) {
    const label = t(`scheduled.${name}`);
    return html`<button type="button" class="icon-button" data-act=${name} aria-haspopup=${popup} aria-label=${label} title=${label} ?disabled=${this.busy} @click=${run}>${icon(sign)}</button>`;
  }

  #editor(one) {
    return html`<form @submit=${(event) => this.#save(event, one)} @keydown=${(event) => this.#onKey(event, one)}>
      <textarea class="input" required maxlength=${this.client.limits.text} dir="auto" aria-label=${t("scheduled.text")} .value=${one.text}></textarea>
      <div class="buttons">
        <button type="button" class="button quiet small" @click=${() => this.#leave(one)}>${t("app.cancel")}</button>
        <button class="button small" ?disabled=${this.busy}>${t("app.save")}</button>
      </div>
    </form>`;
  }

  async #edit(one) {
    this.editing = one.id;
    await this.updateComplete;
    const field = this.querySelector("textarea");
    field.focus();
    field.setSelectionRange(field.value.length, field.value.length);
  }

  async #leave({ id }) {
    this.editing = null;
    await this.updateComplete;
    this.querySelector(`[data-id="${id}"] [data-act=edit]`)?.focus();
  }

  async #save(event, one) {
    event.preventDefault();
    const text = this.querySelector("textarea").value;
    if (text === one.text || (await this.#do(() => this.#scheduled.change(one, { text })))) this.#leave(one);
  }

  #onKey(event, one) {
    if (event.key === "Escape") this.#leave(one);
    else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.currentTarget.requestSubmit();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  async #move(one, anchor) {
    const before = one.error ? undefined : one.at;
    const at = await chooseTime(anchor, { heading: t("later.heading"), names: TIMES, offset: this.client.clockOffset, at: before });
    if (at && (await this.#do(() => this.#scheduled.change(one, { at: at.toISOString() })))) toast({ text: t("later.done", { time: aheadText(at) }) });
  }

  async #send(one) {
    const next = this.#neighbour(one);
    if (!(await this.#do(() => this.#scheduled.sendNow(one)))) return;
    this.#focus(next);
    toast({ text: t("scheduled.sent") });
  }

  async #remove(one) {
    const next = this.#neighbour(one);
    if (!(await this.#do(() => this.#scheduled.remove(one)))) return;
    this.#focus(next);
    const again = { room: one.room, text: one.text, at: one.at, replyTo: one.reply_to };
    const undo = Date.parse(one.at) > Date.now() && !one.error ? { action: t("app.undo"), run: () => attempt(() => this.#scheduled.add(again)) } : {};
    toast({ text: t("scheduled.removed"), ...undo });
  }

  async #do(work) {
    this.busy = true;
    const done = await attempt(work);
    this.busy = false;
    return done;
  }

  #neighbour({ id }) {
    const { list } = this.#scheduled;
    const at = list.findIndex((one) => one.id === id);
    return (list[at + 1] ?? list[at - 1])?.id;
  }

  /** The row went, and its buttons with it. */
  async #focus(id) {
    await this.updateComplete;
    (this.querySelector(`[data-id="${id}"] [data-act=edit]`) ?? this.querySelector(".scroll")).focus();
  }
}

customElements.define("hub-scheduled", HubScheduled);
