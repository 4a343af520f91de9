import { html, nothing } from "lit";

import { errorText } from "../lib/errors.js";
import { t } from "../lib/i18n.js";
import { HubDialog } from "./shared/dialog.js";
import { roomLabel } from "./shared/words.js";
import { toast } from "./hub-toast.js";
import "./hub-people-picker.js";
import "./hub-room-invite.js";

/** Add people to a room, or make a link for those who have no account yet. */
export class HubAddPeople extends HubDialog {
  static properties = {
    client: { attribute: false },
    room: { attribute: false },
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
    return t("add.heading", { room: roomLabel(this.room) });
  }

  content() {
    const members = new Set([this.client.me.id, ...this.room.members.list.map((member) => member.user.id)]);
    return html`<div class="content"><form @submit=${this.#onSubmit}>
      <hub-people-picker autofocus .client=${this.client} .exclude=${members} .label=${t("add.people")} .hint=${t("add.hint")} @hub-picked=${this.#onPicked}></hub-people-picker>
      <p class="error" role="alert">${this.error ? errorText(this.error) : nothing}</p>
      <div class="buttons">
        <button type="button" class="button quiet" @click=${this.close}>${t("app.cancel")}</button>
        <button class="button" ?disabled=${this.busy || !this.users.length}>${t("add.add")}</button>
      </div>
    </form>
    <hub-room-invite .client=${this.client} .room=${this.room}></hub-room-invite></div>`;
  }

  #onPicked(event) {
    this.users = event.detail;
    this.error = null;
  }

  async #onSubmit(event) {
    event.preventDefault();
    this.busy = true;
    try {
      await this.client.roomActions.invite(this.room.id, this.users.map((user) => user.id));
      toast({ text: t("toast.added", { count: this.users.length, room: roomLabel(this.room) }) });
      this.close();
    } catch (error) {
      this.error = error;
    }
    this.busy = false;
  }
}

customElements.define("hub-add-people", HubAddPeople);
