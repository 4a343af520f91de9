import { html, nothing } from "lit";

import { t } from "../../lib/i18n.js";
import { avatar } from "./avatar.js";
import { count } from "./count.js";
import { icon } from "./icon.js";

/** What stands before a room's title: its kind, or who is in it. */
export function roomSign(room, client) {
  if (room.kind === "direct") {
    const [first = client.me.id] = room.others;
    return avatar(client.people.get(first), "small", room.others.length > 1 ? String(room.others.length) : undefined);
  }
  if (room.kind === "help") return html`${icon("life-buoy")}<span class="visually-hidden">${t("sidebar.help")}</span>`;
  if (room.archived) return html`${icon("archive")}<span class="visually-hidden">${t("directory.archived")}</span>`;
  return room.kind === "private" ? html`${icon("lock")}<span class="visually-hidden">${t("room.private")}</span>` : icon("hash");
}

/** What of it is unread; what calls me goes before the rest. */
export function roomCount(room) {
  const mentions = room.personal ? room.unread : room.mentions;
  if (mentions) return count(mentions, "mentions");
  return room.unread ? count(room.unread, "unread") : nothing;
}
