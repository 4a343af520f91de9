import { html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";

import { errorText } from "../lib/errors.js";
import { t } from "../lib/i18n.js";
import { watch } from "../lib/watch.js";
import { groupMembers, membersLike } from "../models/member-groups.js";
import { roomSanctionsOf } from "../models/room-sanctions.js";
import { statusOf } from "../models/statuses.js";
import { withPresence } from "./shared/avatar-presence.js";
import { HubElement } from "./shared/element.js";
import { icon } from "./shared/icon.js";
import { mayInvite, mayModerate } from "./shared/rights.js";
import { statusMark } from "./shared/status.js";

const PAUSE = 150;
/** In a smaller room everybody is in sight. */
const MANY = 8;

/** Who is in the room, a page at a time, in groups; a search finds also who is not loaded. A click on somebody opens their card. */
export class HubMembers extends HubElement {
  static properties = {
    client: { attribute: false },
    room: { attribute: false },
    query: { state: true },
    found: { state: true },
  };

  #watch = watch(this);
  #timer = null;

  constructor() {
    super();
    this.query = "";
    this.found = null;
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  willUpdate(changed) {
    const { room, client } = this;
    this.#watch.set(room, room.members, client.people, client.presence, mayModerate(client.me, room) && roomSanctionsOf(client));
    if (!changed.has("room")) return;
    this.query = "";
    this.found = null;
    if (!room.members.loaded && !room.members.loading) room.members.load();
  }

  render() {
    const { room, client } = this;
    const { members } = room;
    const seeking = this.query.trim() !== "";
    const list = seeking ? (this.found ?? membersLike(members.list, this.query)) : members.list;
    return html`
      <h2 class="section"><span>${t("details.members", { count: room.memberCount })}</span>
        ${mayInvite(client.me, room)
          ? html`<button type="button" class="icon-button" aria-label=${t("details.add")} title=${t("details.add")} @click=${() => this.tell("hub-dialog", { name: "add-people" })}>${icon("user-plus")}</button>`
          : nothing}
      </h2>
      ${room.memberCount > MANY ? html`<div class="find-member">${icon("search")}<input type="search" class="input" autocomplete="off" spellcheck="false" enterkeyhint="search"
        aria-label=${t("details.findMember")} placeholder=${t("details.findMember")} .value=${this.query} @input=${this.#onInput}></div>` : nothing}
      <span class="visually-hidden" role="status">${seeking ? t("details.foundMembers", { count: list.length }) : ""}</span>
      ${seeking && !list.length ? html`<p class="none">${t("details.nobodyFound")}</p>` : nothing}
      ${groupMembers(list, (id) => this.#presence(id)).map((group) => this.#group(group))}
      ${members.error ? html`<p class="load-failed" role="alert">${errorText(members.error)}
        <button type="button" class="link-button" @click=${() => members.load()}>${t("app.tryAgain")}</button></p>` : nothing}
      ${members.more && !seeking ? html`<button type="button" class="button quiet small" ?disabled=${members.loading} @click=${() => members.loadMore()}>${t("app.more")}</button>` : nothing}`;
  }

  #group({ name, members }) {
    return html`<section class="member-group" aria-label=${t(`details.group.${name}`)}>
      <h3>${t(`details.group.${name}`)}</h3>
      <ul>${repeat(members, (member) => member.user.id, (member) => html`<li>${this.#person(member)}</li>`)}</ul>
    </section>`;
  }

  #person(member) {
    const { client } = this;
    const user = client.people.get(member.user.id);
    const presence = { statusOf: () => this.#presence(user.id) };
    const { text } = statusOf(user);
    const about = text || (user.id === client.me.id ? t("details.you") : "");
    return html`<button type="button" class="person" data-person=${user.id} aria-haspopup="dialog">${withPresence(user, presence)}
      <span class="words">
        <span><span class="name" dir="auto">${user.name}</span>${statusMark(user)}${this.#tag(member)}${this.#muted(user)}</span>
        ${about ? html`<small dir="auto">${about}</small>` : nothing}
      </span>
    </button>`;
  }

  #presence(id) {
    const { me, presence } = this.client;
    return id === me.id ? presence.mine : presence.statusOf(id);
  }

  #tag({ role, user }) {
    const key = role !== "member" ? `role.${role}` : user.role === "bot" || user.role === "guest" ? `role.${user.role}` : null;
    return key ? html`<span class="tag">${t(key)}</span>` : nothing;
  }

  /** Those who lead the room see who is muted in it. */
  #muted(user) {
    const { client, room } = this;
    return mayModerate(client.me, room) && roomSanctionsOf(client).about(room.id, user.id).mute ? html`<span class="tag muted-tag">${t("details.muted")}</span>` : nothing;
  }

  #onInput(event) {
    this.query = event.target.value;
    this.found = null;
    clearTimeout(this.#timer);
    if (this.query.trim() && this.room.members.more) this.#timer = setTimeout(() => this.#find(this.query), PAUSE);
  }

  async #find(query) {
    const { room } = this;
    try {
      const found = await room.members.find(query);
      if (query === this.query && room === this.room) this.found = found;
    } catch {
      // What is loaded is looked through already.
    }
  }
}

customElements.define("hub-members", HubMembers);
