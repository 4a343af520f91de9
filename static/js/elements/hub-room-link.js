import { html, nothing } from "lit";

import { t } from "../lib/i18n.js";
import { watch } from "../lib/watch.js";
import { mostPresent } from "./shared/avatar-presence.js";
import { presenceDot } from "./shared/dot.js";
import { FrameElement } from "./shared/element.js";
import { icon } from "./shared/icon.js";
import { LongPress } from "./shared/long-press.js";
import { roomCount, roomSign } from "./shared/room-sign.js";
import { roomItems } from "./shared/room-menu.js";
import { roomPath } from "./shared/route.js";
import { statusMark } from "./shared/status.js";
import { openMenu } from "./hub-popup.js";

/** One room in the sidebar. Each watches its own room, so a message in one of 500 draws one row. */
export class HubRoomLink extends FrameElement {
  static properties = {
    client: { attribute: false },
    room: { attribute: false },
    current: { attribute: false },
  };

  #watch = watch(this);

  constructor() {
    super();
    new LongPress(this, "a", () => this.#menu(null));
    this.addEventListener("contextmenu", (event) => {
      event.preventDefault();
      // A key asks for it without a place.
      this.#menu(event.button === 2 ? { x: event.clientX, y: event.clientY } : null);
    });
    this.addEventListener("keydown", (event) => {
      if (event.key !== "ContextMenu" && !(event.key === "F10" && event.shiftKey)) return;
      event.preventDefault();
      this.#menu(null);
    });
  }

  willUpdate() {
    const direct = this.room.kind === "direct";
    this.#watch.set(this.room, direct && this.client.people, direct && this.client.presence);
  }

  render() {
    const { room } = this;
    const unread = room.unread > 0 && (!this.current || room.keptUnread);
    const classes = ["room-link", unread && !room.muted && "unread", room.muted && "muted"].filter(Boolean).join(" ");
    return html`<a class=${classes} href=${roomPath(room.id)} aria-current=${this.current ? "page" : nothing}>
      ${roomSign(room, this.client)}
      <span class="name" dir="auto">${room.title}</span>
      ${room.kind === "direct" && room.others.length === 1 ? statusMark(this.client.people.get(room.others[0])) : nothing}
      ${room.kind === "direct" && !room.others.length ? html`<small>${t("details.you")}</small>` : nothing}
      ${room.hasDraft && !this.current ? html`${icon("pencil", "draft")}<span class="visually-hidden">${t("sidebar.draft")}</span>` : nothing}
      ${unread ? roomCount(room) : nothing}
      ${room.kind === "direct" && room.others.length ? presenceDot(mostPresent(room.others, this.client.presence)) : nothing}
    </a>`;
  }

  #menu(point) {
    openMenu({ opener: this.querySelector("a"), label: this.room.title, items: roomItems(this.client, this.room, (name, detail) => this.tell(name, detail)), point });
  }
}

customElements.define("hub-room-link", HubRoomLink);
