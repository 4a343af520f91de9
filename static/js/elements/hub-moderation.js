import { html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";

import { t } from "../lib/i18n.js";
import { watch } from "../lib/watch.js";
import { reportsOf } from "../models/reports.js";
import { roomSanctionsOf } from "../models/room-sanctions.js";
import { avatar } from "./shared/avatar.js";
import { count } from "./shared/count.js";
import { HubElement } from "./shared/element.js";
import { icon } from "./shared/icon.js";
import { lift } from "./shared/person-items.js";
import { mayModerate } from "./shared/rights.js";
import { withEnd } from "./shared/sanction-words.js";

/** Among a room's details, for who leads it: the way to what was reported, and who is muted or banned. */
export class HubModeration extends HubElement {
  static properties = {
    client: { attribute: false },
    room: { attribute: false },
  };

  #watch = watch(this);

  get #mine() {
    return mayModerate(this.client.me, this.room);
  }

  willUpdate() {
    const { client, room } = this;
    this.#watch.set(client, room, client.people, this.#mine && roomSanctionsOf(client), this.#mine && reportsOf(client));
    if (this.#mine) reportsOf(client).begin();
  }

  render() {
    const { client, room } = this;
    if (!this.#mine) return nothing;
    const waiting = reportsOf(client).waitingIn(room.id);
    const sanctions = roomSanctionsOf(client).of(room.id);
    return html`<h2 class="section"><span>${t("moderation.heading")}</span></h2>
      <button type="button" class="way" @click=${() => this.tell("hub-reports", { open: true })}>${icon("flag")}<span>${t("reports.heading")}</span>${waiting ? count(waiting, "mentions", "reports.list.open.count") : html`<small>${t("moderation.noReports")}</small>`}</button>
      ${sanctions.length ? html`<ul>${repeat(sanctions, ({ id }) => id, (one) => html`<li>${this.#row(one)}</li>`)}</ul>` : html`<p class="none">${t("moderation.nobody")}</p>`}`;
  }

  #row(one) {
    const { client, room } = this;
    const user = client.people.get(one.user);
    const label = t(`person.${one.kind === "mute" ? "unmute" : "unban"}`);
    return html`<button type="button" class="person" data-person=${user.id} aria-haspopup="dialog">${avatar(user, "small")}
        <span class="words"><span class="name" dir="auto">${user.name || "…"}</span><small>${withEnd(`sanction.${one.kind}`, one)}</small>${one.reason ? html`<small class="reason" dir="auto">${one.reason}</small>` : nothing}</span>
      </button>
      <button type="button" class="icon-button" aria-label="${label}: ${user.name}" title=${label} @click=${() => lift(client, one, user, room)}>${icon(one.kind === "mute" ? "message-square" : "door-open")}</button>`;
  }
}

customElements.define("hub-moderation", HubModeration);
