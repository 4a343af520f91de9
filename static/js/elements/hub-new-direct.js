import { html, nothing } from "lit";

import { errorText } from "../lib/errors.js";
import { t } from "../lib/i18n.js";
import { HubDialog } from "./shared/dialog.js";
import { icon } from "./shared/icon.js";
import "./hub-people-picker.js";

/** As many as a conversation takes beside me. */
const MOST = 8;

/** Choose whom to talk to: one or several people, or nobody, for notes. */
export class HubNewDirect extends HubDialog {
  static properties = {
    client: { attribute: false },
    users: { state: true },
    error: { state: true },
    busy: { state: true },
  };

  closedBy = "closerequest";

  constructor() {
    super();
    this.users = [];
    this.error = null;
    this.busy = false;
  }

  heading() {
    return t("direct.heading");
  }

  content() {
    const { client, users } = this;
    return html`<form @submit=${this.#onSubmit}>
      <hub-people-picker autofocus .client=${client} .exclude=${new Set([client.me.id])} .most=${MOST} .label=${t("direct.people")} .hint=${t("direct.hint", { count: MOST })}
        @hub-picked=${this.#onPicked}></hub-people-picker>
      <p class="error" role="alert">${this.error ? errorText(this.error) : nothing}</p>
      <div class="buttons">
        <button type="button" class="button quiet apart" ?disabled=${this.busy} ?hidden=${users.length > 0} @click=${() => this.#open([])}>${icon("notebook-pen")}${t("direct.toMyself")}</button>
        <button class="button" ?disabled=${this.busy || !users.length}>${t("direct.open")}</button>
      </div>
    </form>`;
  }

  #onPicked(event) {
    this.users = event.detail;
    this.error = null;
  }

  #onSubmit(event) {
    event.preventDefault();
    if (this.users.length) this.#open(this.users.map((user) => user.id));
  }

  async #open(users) {
    this.busy = true;
    try {
      const room = await this.client.roomActions.openDirect(users);
      this.close();
      this.tell("hub-open", { room: room.id });
    } catch (error) {
      this.error = error;
    }
    this.busy = false;
  }
}

customElements.define("hub-new-direct", HubNewDirect);
