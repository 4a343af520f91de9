import { html } from "lit";

import { t } from "../../lib/i18n.js";
import { icon } from "../shared/icon.js";
import { PeopleDialog } from "./people-dialog.js";

/** As many as a conversation takes beside me. */
const MOST = 8;

/** Choose whom to talk to: one or several people, or nobody, for notes. */
export class HubNewDirect extends PeopleDialog {
  heading() {
    return t("direct.heading");
  }

  content() {
    const { client, users } = this;
    return html`<form @submit=${this.#onSubmit}>
      ${this.picker({ exclude: new Set([client.me.id]), label: t("direct.people"), hint: t("direct.hint", { count: MOST }), most: MOST })}
      <div class="buttons">
        <button type="button" class="button quiet apart" ?disabled=${this.busy} ?hidden=${users.length > 0} @click=${() => this.#open([])}>${icon("notebook-pen")}${t("direct.toMyself")}</button>
        <button class="button" ?disabled=${this.busy || !users.length}>${t("direct.open")}</button>
      </div>
    </form>`;
  }

  #onSubmit(event) {
    event.preventDefault();
    if (this.users.length) this.#open(this.users.map((user) => user.id));
  }

  #open(users) {
    return this.attempt(async () => {
      const room = await this.client.roomActions.openDirect(users);
      this.close();
      this.tell("hub-open", { room: room.id });
    });
  }
}

customElements.define("hub-new-direct", HubNewDirect);
