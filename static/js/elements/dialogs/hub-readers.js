import { html } from "lit";
import { repeat } from "lit/directives/repeat.js";

import { errorText } from "../../lib/errors.js";
import { t } from "../../lib/i18n.js";
import { watch } from "../../lib/watch.js";
import { avatar } from "../shared/avatar.js";
import { HubDialog } from "../shared/dialog.js";
import { statusMark } from "../shared/status.js";

/** How often it is asked again while the dialog is open: others' reading is told to nobody but themselves. */
const AGAIN = 3_000;

/** Who has read up to a message. */
export class HubReaders extends HubDialog {
  static properties = {
    client: { attribute: false },
    room: { attribute: false },
    message: { attribute: false },
    users: { state: true },
    error: { state: true },
  };

  size = "small";
  #watch = watch(this);
  #timer = null;

  constructor() {
    super();
    this.users = null;
    this.error = null;
  }

  connectedCallback() {
    super.connectedCallback();
    this.#ask();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  willUpdate() {
    this.#watch.set(this.client.people);
  }

  heading() {
    return t("readers.heading");
  }

  content() {
    const { users, client, message } = this;
    if (!users) return html`<div class="content"><p class="lead" role="status">${this.error ? errorText(this.error) : t("readers.loading")}</p></div>`;
    // That the author has read it goes without saying.
    const readers = users.filter((id) => id !== message.author.id && id !== client.me.id).map((id) => client.people.get(id));
    const of = Math.max(0, this.room.memberCount - (message.author.id === client.me.id ? 1 : 2));
    return html`<div class="content">
      <p class="lead" role="status">${readers.length ? t("readers.count", { count: readers.length, of }) : t("readers.none")}</p>
      <ul class="readers">${repeat(readers, (user) => user.id, (user) => html`<li><button type="button" class="person" data-person=${user.id}>${avatar(user, "small")}
        <span class="words"><span class="name" dir="auto">${user.name}</span></span>${statusMark(user)}</button></li>`)}</ul>
    </div>`;
  }

  async #ask() {
    try {
      this.users = await this.client.actions.readers(this.message);
      this.error = null;
    } catch (error) {
      this.error = error;
    }
    if (this.isConnected) this.#timer = setTimeout(() => this.#ask(), AGAIN);
  }
}

customElements.define("hub-readers", HubReaders);
