import { html, nothing } from "lit";

import { t } from "../lib/i18n.js";
import { watch } from "../lib/watch.js";
import { avatar } from "./shared/avatar.js";
import { presenceDot } from "./shared/dot.js";
import { HubElement } from "./shared/element.js";
import { icon } from "./shared/icon.js";
import { roomPath } from "./shared/route.js";

/** One room in the sidebar. Each watches its own room, so a message in one of 500 draws one row. */
export class HubRoomLink extends HubElement {
  static properties = {
    client: { attribute: false },
    room: { attribute: false },
    current: { attribute: false },
  };

  #watch = watch(this);

  willUpdate() {
    const direct = this.room.kind === "direct";
    this.#watch.set(this.room, direct && this.client.people, direct && this.client.presence);
  }

  render() {
    const { room } = this;
    const unread = room.unread > 0 && (!this.current || room.keptUnread);
    const classes = ["room-link", unread && !room.muted && "unread", room.muted && "muted"].filter(Boolean).join(" ");
    return html`<a class=${classes} href=${roomPath(room.id)} aria-current=${this.current ? "page" : nothing}>
      ${this.#sign()}
      <span class="name" dir="auto">${room.title}</span>
      ${room.hasDraft && !this.current ? html`${icon("pencil", "draft")}<span class="visually-hidden">${t("sidebar.draft")}</span>` : nothing}
      ${unread ? this.#counts() : nothing}
      ${room.kind === "direct" ? this.#presence() : nothing}
    </a>`;
  }

  #sign() {
    const { room, client } = this;
    if (room.kind === "direct") {
      const other = room.users?.find((id) => id !== client.me.id) ?? client.me.id;
      return avatar(client.people.get(other), "small");
    }
    return room.kind === "private" ? html`${icon("lock")}<span class="visually-hidden">${t("room.private")}</span>` : icon("hash");
  }

  #counts() {
    const { room } = this;
    const mentions = room.kind === "direct" ? room.unread : room.mentions;
    const [number, key] = mentions ? [mentions, "sidebar.mentions"] : [room.unread, "sidebar.unread"];
    return html`<span class="count ${mentions ? "mention" : ""}" aria-hidden="true">${number > 99 ? "99+" : number}</span
      ><span class="visually-hidden">${t(key, { count: number })}</span>`;
  }

  #presence() {
    const others = (this.room.users ?? []).filter((id) => id !== this.client.me.id);
    return others.length === 1 ? presenceDot(this.client.presence.statusOf(others[0])) : nothing;
  }
}

customElements.define("hub-room-link", HubRoomLink);
