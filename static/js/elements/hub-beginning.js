import { html, nothing } from "lit";

import { t } from "../lib/i18n.js";
import { watch } from "../lib/watch.js";
import { face } from "./shared/avatar.js";
import { RowElement } from "./shared/element.js";
import { icon } from "./shared/icon.js";
import { isNamed, mayInvite } from "./shared/rights.js";
import { roomLabel } from "./shared/words.js";

const FACES = 3;

/** What stands before a room's first message: its name, its topic, and what to do while nobody else is there. */
export class HubBeginning extends RowElement {
  static properties = {
    client: { attribute: false },
    room: { attribute: false },
  };

  #watch = watch(this);

  willUpdate() {
    this.#watch.set(this.room, this.client.people);
  }

  render() {
    const { room, client } = this;
    const alone = isNamed(room) && room.memberCount <= 1;
    const words = room.kind === "direct" && !room.others.length ? "notes" : room.kind;
    return html`<div class="beginning">
      ${this.#sign()}
      <h2 dir="auto">${room.kind === "direct" ? room.title : room.name}</h2>
      <p>${t(`beginning.${words}`, { room: roomLabel(room) })}</p>
      ${room.topic ? html`<p dir="auto">${room.topic}</p>` : nothing}
      ${alone ? html`<p>${t("beginning.alone")}</p>` : nothing}
      ${alone && mayInvite(client.me, room)
        ? html`<div class="actions"><button type="button" class="button quiet" @click=${() => this.tell("hub-dialog", { name: "add-people" })}>${icon("user-plus")}${t("details.add")}</button></div>`
        : nothing}
    </div>`;
  }

  /** A conversation is its people, as in its header. */
  #sign() {
    const { room, client } = this;
    if (room.kind !== "direct") return html`<span class="badge">${icon({ private: "lock", help: "life-buoy" }[room.kind] ?? "hash")}</span>`;
    const people = room.others.length ? room.others : [client.me.id];
    return html`<span class="faces">${people.slice(0, FACES).map((id) => face(client.people.get(id), "large"))}</span>`;
  }
}

customElements.define("hub-beginning", HubBeginning);
