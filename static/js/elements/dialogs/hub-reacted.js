import { html } from "lit";
import { repeat } from "lit/directives/repeat.js";

import { t } from "../../lib/i18n.js";
import { watch } from "../../lib/watch.js";
import { avatar } from "../shared/avatar.js";
import { HubDialog } from "../shared/dialog.js";
import { glyph } from "../shared/glyph.js";
import { statusMark } from "../shared/status.js";

/** Who has reacted to a message, and how; each name opens a card. */
export class HubReacted extends HubDialog {
  static properties = {
    client: { attribute: false },
    room: { attribute: false },
    message: { attribute: false },
  };

  size = "small";
  #watch = watch(this);

  willUpdate() {
    const { client, room } = this;
    this.#watch.set(client.people, room.timeline, client.actions);
  }

  heading() {
    return t("reacted.heading");
  }

  content() {
    const { client, room } = this;
    const reactions = client.actions.reactions(room.timeline?.get(this.message.seq) ?? this.message);
    return html`<div class="content">
      ${reactions.length ? "" : html`<p class="lead">${t("reacted.none")}</p>`}
      ${repeat(reactions, ({ emoji }) => emoji, ({ emoji, users }) => html`<section class="reacted" aria-label=${emoji}>
        <h3><span class="emoji">${glyph(emoji)}</span>${users.length}</h3>
        <ul>${repeat(users, (id) => id, (id) => html`<li>${this.#person(client.people.get(id))}</li>`)}</ul>
      </section>`)}
    </div>`;
  }

  #person(user) {
    return html`<button type="button" class="person" data-person=${user.id} aria-haspopup="dialog">${avatar(user, "small")}
      <span class="words"><span><span class="name" dir="auto">${user.name || "…"}</span>${statusMark(user)}</span></span></button>`;
  }
}

customElements.define("hub-reacted", HubReacted);
