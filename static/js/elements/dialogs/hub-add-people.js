import { html } from "lit";

import { t } from "../../lib/i18n.js";
import { PeopleDialog } from "./people-dialog.js";
import { roomLabel } from "../shared/words.js";
import { toast } from "../hub-toast.js";
import "../hub-room-invite.js";

/** Add people to a room, or make a link for those who have no account yet. */
export class HubAddPeople extends PeopleDialog {
  static properties = {
    room: { attribute: false },
  };

  heading() {
    return t("add.heading", { room: roomLabel(this.room) });
  }

  content() {
    const members = new Set([this.client.me.id, ...this.room.members.list.map((member) => member.user.id)]);
    return html`<div class="content"><form @submit=${this.#onSubmit}>
      ${this.picker({ exclude: members, label: t("add.people"), hint: t("add.hint") })}
      <div class="buttons">
        <button type="button" class="button quiet" @click=${this.close}>${t("app.cancel")}</button>
        <button class="button" ?disabled=${this.busy || !this.users.length}>${t("add.add")}</button>
      </div>
    </form>
    <hub-room-invite .client=${this.client} .room=${this.room}></hub-room-invite></div>`;
  }

  #onSubmit(event) {
    event.preventDefault();
    this.attempt(async () => {
      await this.client.roomActions.invite(this.room.id, this.users.map((user) => user.id));
      toast({ text: t("toast.added", { count: this.users.length, room: roomLabel(this.room) }) });
      this.close();
    });
  }
}

customElements.define("hub-add-people", HubAddPeople);
