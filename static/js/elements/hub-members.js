import { html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";

import { errorText } from "../lib/errors.js";
import { t } from "../lib/i18n.js";
import { watch } from "../lib/watch.js";
import { attempt } from "./shared/attempt.js";
import { avatar } from "./shared/avatar.js";
import { presenceDot } from "./shared/dot.js";
import { HubElement } from "./shared/element.js";
import { icon } from "./shared/icon.js";
import { mayInvite, mayRemove, mayTalkTo, rolesFor } from "./shared/rights.js";
import { roomLabel } from "./shared/words.js";
import { ask } from "./hub-confirm.js";
import { openMenu } from "./hub-popup.js";
import { toast } from "./hub-toast.js";

const ROLE_ICONS = { owner: "crown", moderator: "shield", member: "user" };

/** Who is in the room, a page at a time; a click on somebody says what can be done. */
export class HubMembers extends HubElement {
  static properties = {
    client: { attribute: false },
    room: { attribute: false },
  };

  #watch = watch(this);

  willUpdate(changed) {
    const { room, client } = this;
    this.#watch.set(room, room.members, client.people, client.presence);
    if (changed.has("room") && !room.members.loaded && !room.members.loading) room.members.load();
  }

  render() {
    const { room, client } = this;
    const { members } = room;
    return html`
      <h2 class="section"><span>${t("details.members", { count: room.memberCount })}</span>
        ${mayInvite(client.me, room)
          ? html`<button type="button" class="icon-button" aria-label=${t("details.add")} title=${t("details.add")} @click=${() => this.tell("hub-dialog", { name: "add-people" })}>${icon("user-plus")}</button>`
          : nothing}
      </h2>
      <ul>${repeat(members.list, (member) => member.user.id, (member) => html`<li>${this.#person(member)}</li>`)}</ul>
      ${members.error ? html`<p class="load-failed" role="alert">${errorText(members.error)}
        <button type="button" class="link-button" @click=${() => members.load()}>${t("app.tryAgain")}</button></p>` : nothing}
      ${members.more ? html`<button type="button" class="button quiet small" ?disabled=${members.loading} @click=${() => members.loadMore()}>${t("app.more")}</button>` : nothing}`;
  }

  #person(member) {
    const { client } = this;
    const user = client.people.get(member.user.id);
    const mine = user.id === client.me.id;
    const about = user.status_text || (mine ? t("details.you") : "");
    const items = this.#items(member, user, mine);
    const inner = html`${avatar(user, "small")}
      <span class="words">
        <span><span class="name" dir="auto">${user.name}</span>${this.#tag(member)}</span>
        ${about ? html`<small dir="auto">${about}</small>` : nothing}
      </span>
      ${presenceDot(mine ? client.presence.mine : client.presence.statusOf(user.id))}`;
    if (!items.length) return html`<div class="person">${inner}</div>`;
    return html`<button type="button" class="person" aria-haspopup="menu" aria-expanded="false"
      @click=${(event) => openMenu({ opener: event.currentTarget, label: user.name, head: this.#card(user), items })}>${inner}</button>`;
  }

  #tag({ role, user }) {
    const key = role !== "member" ? `role.${role}` : user.role === "bot" || user.role === "guest" ? `role.${user.role}` : null;
    return key ? html`<span class="tag">${t(key)}</span>` : nothing;
  }

  /** Above the menu: whom it is about, in full, as names are cut off in the list. */
  #card(user) {
    return html`<div class="popup-head">${avatar(user)}<div><b dir="auto">${user.name}</b><small>@${user.username}</small>
      ${user.status_text ? html`<small dir="auto">${user.status_text}</small>` : nothing}</div></div>`;
  }

  #items(member, user, mine) {
    const { client, room } = this;
    const items = [];
    if (mine) items.push({ icon: "smile", text: t("status.set"), act: () => this.tell("hub-dialog", { name: "status" }) });
    else if (mayTalkTo(client.me) && room.others.length !== 1) {
      items.push({ icon: "message-square", text: t("person.message"), act: () => this.#message(user) });
    }
    rolesFor(client.me, room, member, room.members).forEach((role, index) => {
      const text = t(mine ? `person.step.${role}` : `person.make.${role}`);
      items.push({ icon: ROLE_ICONS[role], text, divided: index === 0 && items.length > 0, act: () => this.#setRole(user, role, mine) });
    });
    if (mayRemove(client.me, room, member)) {
      items.push({ icon: "user-minus", text: t("person.remove"), danger: true, divided: items.length > 0, act: () => this.#remove(user) });
    }
    return items;
  }

  async #message(user) {
    try {
      const room = await this.client.roomActions.openDirect([user.id]);
      this.tell("hub-open", { room: room.id });
    } catch (error) {
      toast({ error });
    }
  }

  /** Only others can give me back what I give up. */
  async #setRole(user, role, mine) {
    const { client, room } = this;
    const question = { heading: t("person.stepHeading"), text: t("person.stepText", { room: roomLabel(room) }), confirm: t(`person.step.${role}`) };
    if (mine && !(await ask(question))) return;
    await attempt(() => client.roomActions.setRole(room.id, user.id, role));
  }

  async #remove(user) {
    const { client, room } = this;
    const sure = await ask({
      heading: t("details.removeHeading", { name: user.name }),
      text: t("details.removeText", { name: user.name, room: roomLabel(room) }),
      confirm: t("details.removeConfirm"),
    });
    if (sure) await attempt(() => client.roomActions.removeMember(room.id, user.id));
  }
}

customElements.define("hub-members", HubMembers);
