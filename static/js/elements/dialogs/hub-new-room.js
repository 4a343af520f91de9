import { html, nothing } from "lit";

import { errorText } from "../../lib/errors.js";
import { t } from "../../lib/i18n.js";
import { HubDialog } from "../shared/dialog.js";
import { cleanName, keepClean } from "./room-name.js";
import "../hub-people-picker.js";

/** Make a room: its name, who may find it, what it is for, and who is in it from the start. */
export class HubNewRoom extends HubDialog {
  static properties = {
    client: { attribute: false },
    name: { attribute: false },
    kind: { state: true },
    error: { state: true },
    busy: { state: true },
  };

  closedBy = "closerequest";
  #users = [];

  constructor() {
    super();
    this.name = "";
    this.kind = "public";
    this.error = null;
    this.busy = false;
  }

  heading() {
    return t("newRoom.heading");
  }

  content() {
    const { limits, me } = this.client;
    return html`<form novalidate @submit=${this.#onSubmit}>
      <div class="field-row">
        <label for="room-name">${t("newRoom.name")}</label>
        <input id="room-name" type="text" autocomplete="off" spellcheck="false" autocapitalize="none" autofocus required maxlength=${limits.room_name} .value=${cleanName(this.name)}
          placeholder=${t("newRoom.namePlaceholder")} aria-invalid=${this.#errorAt("name") ? "true" : nothing} aria-describedby="room-name-error room-name-hint"
          @input=${keepClean} @compositionend=${keepClean}>
        ${this.#errorLine("name")}
        <p class="hint" id="room-name-hint" ?hidden=${this.#errorAt("name")}>${t("newRoom.nameHint")}</p>
      </div>
      <fieldset>
        <legend>${t("newRoom.kind")}</legend>
        ${["public", "private"].map((kind) => html`<label class="choice">
          <input type="radio" name="kind" value=${kind} ?checked=${kind === "public"} @change=${() => { this.kind = kind; }}>
          <span>${t(`room.${kind}`)}</span><small>${t(`newRoom.${kind}`)}</small>
        </label>`)}
      </fieldset>
      <div class="field-row">
        <label for="room-topic">${t("newRoom.topic")}</label>
        <input id="room-topic" type="text" autocomplete="off" maxlength=${limits.topic} placeholder=${t("newRoom.topicPlaceholder")}
          aria-invalid=${this.#errorAt("topic") ? "true" : nothing} aria-describedby="room-topic-error">
        ${this.#errorLine("topic")}
      </div>
      <hub-people-picker .client=${this.client} .exclude=${new Set([me.id])} .label=${t("newRoom.people")} .hint=${t(`newRoom.${this.kind}People`)}
        @hub-picked=${(event) => { this.#users = event.detail; }}></hub-people-picker>
      <p class="error" role="alert">${this.error && !["name", "topic"].includes(this.error.field) ? errorText(this.error) : nothing}</p>
      <div class="buttons">
        <button type="button" class="button quiet" @click=${this.close}>${t("app.cancel")}</button>
        <button class="button" ?disabled=${this.busy}>${t("newRoom.create")}</button>
      </div>
    </form>`;
  }

  #errorAt(field) {
    return this.error?.field === field;
  }

  #errorLine(field) {
    return html`<p class="error" id="room-${field}-error" role="alert" ?hidden=${!this.#errorAt(field)}>${this.#errorAt(field) ? errorText(this.error) : nothing}</p>`;
  }

  async #onSubmit(event) {
    event.preventDefault();
    const name = this.querySelector("#room-name").value.replace(/-+$/, "");
    if (!name) return this.#fail({ code: "bad_request", field: "name", message: t("newRoom.noName"), own: true });
    this.busy = true;
    try {
      const topic = this.querySelector("#room-topic").value.trim();
      const room = await this.client.roomActions.create({ name, kind: this.kind, topic, members: this.#users.map((user) => user.id) });
      this.close();
      this.tell("hub-open", { room: room.id });
    } catch (error) {
      this.#fail(error);
    }
    this.busy = false;
  }

  async #fail(error) {
    this.error = error;
    await this.updateComplete;
    if (error.field === "name" || error.field === "topic") this.querySelector(`#room-${error.field}`).focus();
  }
}

customElements.define("hub-new-room", HubNewRoom);
