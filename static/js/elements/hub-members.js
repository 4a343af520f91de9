import { html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";

import { errorText } from "../lib/errors.js";
import { t } from "../lib/i18n.js";
import { watch } from "../lib/watch.js";
import { avatar } from "./shared/avatar.js";
import { presenceDot } from "./shared/dot.js";
import { HubElement } from "./shared/element.js";
import { icon } from "./shared/icon.js";
import { mayInvite, mayRemove } from "./shared/rights.js";
import { roomLabel } from "./shared/words.js";
import { ask } from "./hub-confirm.js";
import { toast } from "./hub-toast.js";

/** Who is in the room, a page at a time. */
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
    const { client, room } = this;
    const user = client.people.get(member.user.id);
    const mine = user.id === client.me.id;
    const about = user.status_text || (mine ? t("details.you") : "");
    return html`<div class="person">
      ${avatar(user, "small")}
      <div class="words">
        <span><span class="name" dir="auto">${user.name}</span>${this.#tag(member)}</span>
        ${about ? html`<small dir="auto">${about}</small>` : nothing}
      </div>
      ${mayRemove(client.me, room, member)
        ? html`<button type="button" class="icon-button remove" aria-label=${t("details.remove", { name: user.name })} title=${t("details.remove", { name: user.name })}
            @click=${() => this.#remove(user)}>${icon("x")}</button>`
        : nothing}
      ${presenceDot(mine ? client.presence.mine : client.presence.statusOf(user.id))}
    </div>`;
  }

  #tag({ role, user }) {
    const key = role !== "member" ? `role.${role}` : user.role === "bot" || user.role === "guest" ? `role.${user.role}` : null;
    return key ? html`<span class="tag">${t(key)}</span>` : nothing;
  }

  async #remove(user) {
    const { client, room } = this;
    const sure = await ask({
      heading: t("details.removeHeading", { name: user.name }),
      text: t("details.removeText", { name: user.name, room: roomLabel(room) }),
      confirm: t("details.removeConfirm"),
    });
    if (!sure) return;
    try {
      await client.actions.removeMember(room.id, user.id);
    } catch (error) {
      toast({ error });
    }
  }
}

customElements.define("hub-members", HubMembers);
