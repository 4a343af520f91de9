import { html, nothing } from "lit";

import { errorText } from "../../lib/errors.js";
import { t } from "../../lib/i18n.js";
import { watch } from "../../lib/watch.js";
import { HubDialog } from "../shared/dialog.js";
import { icon } from "../shared/icon.js";
import { mayKeep, mayManage, mayTopic } from "../shared/rights.js";
import { cleanName, keepClean } from "./room-name.js";
import { leave } from "../shared/room-menu.js";
import { SLOW_MODES, duration } from "../shared/slow-mode.js";
import { roomLabel } from "../shared/words.js";
import { ask } from "../hub-confirm.js";
import { toast } from "../hub-toast.js";

const FIELDS = ["name", "topic", "slow_mode", "keep_days"];
/** What a room can say of how long it keeps messages; -1 is as the server does. */
const KEEP_DAYS = [-1, 0, 1, 7, 30, 90, 365];

/** What a room is called, what it is about, how fast one may speak in it, who finds it, and its end: what I may change of it. */
export class HubRoomSettings extends HubDialog {
  static properties = {
    client: { attribute: false },
    room: { attribute: false },
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

  willUpdate() {
    this.#watch.set(this.client, this.room);
  }

  heading() {
    return t("settings.heading", { room: roomLabel(this.room) });
  }

  content() {
    const { client, room } = this;
    const manages = mayManage(client.me, room);
    const topic = mayTopic(client, room);
    return html`<div class="content">
      ${topic ? html`<form novalidate @submit=${this.#onSubmit}>
        ${manages ? this.#name() : nothing}
        ${this.#topic(!manages)}
        ${manages ? this.#slowMode() : nothing}
        ${mayKeep(client.me, room) ? this.#keepDays() : nothing}
        <p class="error" role="alert">${this.error && !FIELDS.includes(this.error.field) ? errorText(this.error) : nothing}</p>
        <div class="buttons"><button class="button" ?disabled=${this.busy}>${t("app.save")}</button></div>
      </form>` : nothing}
      ${room.archived ? html`<p class="lead">${t("composer.archived")}</p>` : nothing}
      ${mayKeep(client.me, room) ? html`<div class="end">
        <p>${t("settings.exportText")}</p>
        <a class="button quiet" href=${`/room/${room.id}/export.zip`} download>${icon("download")}${t("settings.export")}</a>
      </div>` : nothing}
      ${manages && room.kind === "public" && !room.archived ? this.#end("private", "lock", this.#keepPrivate) : nothing}
      ${manages ? this.#end(room.archived ? "reopen" : "archive", room.archived ? "archive-restore" : "archive", this.#archive) : nothing}
      ${this.#end("leave", "log-out", this.#leave)}
    </div>`;
  }

  #name() {
    return html`<div class="field-row">
      <label for="settings-name">${t("newRoom.name")}</label>
      <input id="settings-name" type="text" autocomplete="off" spellcheck="false" autocapitalize="none" autofocus required maxlength=${this.client.limits.room_name}
        value=${this.room.name} aria-invalid=${this.#errorAt("name") ? "true" : nothing} aria-describedby="settings-name-error settings-name-hint" @input=${keepClean} @compositionend=${keepClean}>
      ${this.#errorLine("name")}
      <p class="hint" id="settings-name-hint" ?hidden=${this.#errorAt("name")}>${t("newRoom.nameHint")}</p>
    </div>`;
  }

  #topic(first) {
    return html`<div class="field-row">
      <label for="settings-topic">${t("topic.label")}</label>
      <input id="settings-topic" type="text" dir="auto" autocomplete="off" maxlength=${this.client.limits.topic} value=${this.room.topic} placeholder=${t("newRoom.topicPlaceholder")}
        ?autofocus=${first} aria-invalid=${this.#errorAt("topic") ? "true" : nothing} aria-describedby="settings-topic-error">
      ${this.#errorLine("topic")}
    </div>`;
  }

  #slowMode() {
    const now = this.room.slowMode;
    const choices = SLOW_MODES.includes(now) ? SLOW_MODES : [...SLOW_MODES, now].sort((a, b) => a - b);
    return html`<div class="field-row">
      <label for="settings-slow_mode">${t("slowMode.label")}</label>
      <select id="settings-slow_mode" aria-invalid=${this.#errorAt("slow_mode") ? "true" : nothing} aria-describedby="settings-slow_mode-error settings-slow_mode-hint">
        ${choices.map((seconds) => html`<option value=${seconds} ?selected=${seconds === now}>${seconds ? duration(seconds) : t("slowMode.off")}</option>`)}
      </select>
      ${this.#errorLine("slow_mode")}
      <p class="hint" id="settings-slow_mode-hint">${t("slowMode.hint")}</p>
    </div>`;
  }

  #keepDays() {
    const now = this.room.keepDays ?? -1;
    const choices = KEEP_DAYS.includes(now) ? KEEP_DAYS : [...KEEP_DAYS, now].sort((a, b) => a - b);
    return html`<div class="field-row">
      <label for="settings-keep_days">${t("keep.label")}</label>
      <select id="settings-keep_days" aria-invalid=${this.#errorAt("keep_days") ? "true" : nothing} aria-describedby="settings-keep_days-error settings-keep_days-hint">
        ${choices.map((days) => html`<option value=${days} ?selected=${days === now}>${this.#keepText(days)}</option>`)}
      </select>
      ${this.#errorLine("keep_days")}
      <p class="hint" id="settings-keep_days-hint">${t("keep.hint")}</p>
    </div>`;
  }

  #keepText(days) {
    if (days > 0) return t("keep.days", { count: days });
    return days ? t("keep.server", { days: this.#keepText(this.client.limits.keep_days ?? 0) }) : t("keep.ever");
  }

  #end(name, sign, act) {
    return html`<div class="end">
      <p>${t(`settings.${name}Text`)}</p>
      <button type="button" class="button quiet ${name === "reopen" ? "" : "danger"}" ?disabled=${this.busy} @click=${act}>${icon(sign)}${t(`settings.${name}`)}</button>
    </div>`;
  }

  #errorAt(field) {
    return this.error?.field === field;
  }

  #errorLine(field) {
    return html`<p class="error" id="settings-${field}-error" role="alert" ?hidden=${!this.#errorAt(field)}>${this.#errorAt(field) ? errorText(this.error) : nothing}</p>`;
  }

  #changes() {
    const { room } = this;
    const value = (field) => this.querySelector(`#settings-${field}`)?.value;
    const keepDays = room.keepDays ?? -1;
    const wanted = { keep_days: Number(value("keep_days") ?? keepDays), name: cleanName(value("name") ?? room.name).replace(/-+$/, ""), topic: value("topic").trim(), slow_mode: Number(value("slow_mode") ?? room.slowMode) };
    const now = { keep_days: keepDays, name: room.name, topic: room.topic, slow_mode: room.slowMode };
    return Object.fromEntries(FIELDS.filter((field) => wanted[field] !== now[field]).map((field) => [field, wanted[field]]));
  }

  async #onSubmit(event) {
    event.preventDefault();
    const changes = this.#changes();
    if (changes.name === "") return this.#failed({ code: "bad_request", field: "name" });
    if (!Object.keys(changes).length) return this.close();
    this.busy = true;
    try {
      await this.client.roomActions.update(this.room.id, changes);
      toast({ text: t("toast.saved") });
      this.close();
    } catch (error) {
      this.#failed(error);
    }
    this.busy = false;
  }

  async #failed(error) {
    this.error = error;
    await this.updateComplete;
    this.querySelector(`#settings-${error.field}`)?.focus();
  }

  #archive() {
    const { archived } = this.room;
    return this.#decide(archived ? "reopen" : "archive", { archived: !archived }, archived);
  }

  #keepPrivate() {
    return this.#decide("private", { kind: "private" });
  }

  /** Do at once what is a button of its own, once it is confirmed. */
  async #decide(name, changes, harmless = false) {
    const { client, room } = this;
    const question = { heading: t(`settings.${name}Heading`, { room: roomLabel(room) }), text: t(`settings.${name}Sure`), confirm: t(`settings.${name}`), harmless };
    if (!(await ask(question))) return;
    this.busy = true;
    try {
      await client.roomActions.update(room.id, changes);
      this.close();
    } catch (error) {
      this.error = error;
      toast({ error });
    }
    this.busy = false;
  }

  async #leave() {
    if (await leave(this.client, this.room)) this.close();
  }
}

customElements.define("hub-room-settings", HubRoomSettings);
