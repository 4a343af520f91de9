/** What can be done with a room, as items of a menu. */

import { t } from "../../lib/i18n.js";
import { ask } from "../hub-confirm.js";
import { attempt } from "./attempt.js";
import { copyText } from "./code.js";
import { isNamed } from "./rights.js";
import { roomPath } from "./route.js";
import { placeItems } from "./section-menu.js";
import { roomLabel } from "./words.js";

const LEVELS = ["everything", "mentions", "nothing"];

/** How a level of involvement is drawn. */
export const LEVEL_ICONS = { everything: "bell-ring", mentions: "bell", nothing: "bell-off" };

/** How much of the room I want to hear of, each with what it means. */
export function levelItems(client, room) {
  return LEVELS.map((level) => ({
    icon: LEVEL_ICONS[level],
    text: t(`involvement.${level}`),
    hint: t(`involvement.${level}Text`),
    checked: room.involvement === level,
    act: () => room.involvement === level || attempt(() => client.roomActions.setInvolvement(room.id, level)),
  }));
}

/** What a room in the sidebar offers. `tell` asks for a dialog. */
export function roomItems(client, room, tell) {
  const levels = levelItems(client, room).map(({ hint: _hint, ...item }) => ({ ...item, group: t("involvement.label") }));
  const items = [
    { icon: room.starred ? "star-off" : "star", text: t(room.starred ? "room.unstar" : "room.star"), act: () => attempt(() => client.roomActions.star(room.id, !room.starred)) },
    ...levels,
    ...(room.kind === "help" ? [] : placeItems(client, room, tell)),
    { icon: "link", text: t("room.copyLink"), divided: true, act: () => copyText(location.origin + roomPath(room.id)) },
  ];
  if (room.unread) items.splice(1, 0, { icon: "check-check", text: t("room.markRead"), act: () => client.reads.markRead(room.id) });
  if (isNamed(room)) items.push({ icon: "log-out", text: t("details.leave"), danger: true, act: () => leave(client, room) });
  return items;
}

/** Asks, and leaves. @returns {Promise<boolean>} whether I have left */
export async function leave(client, room) {
  const sure = await ask({
    heading: t("details.leaveHeading", { room: roomLabel(room) }),
    text: t(room.kind === "private" ? "details.leavePrivate" : "details.leavePublic"),
    confirm: t("details.leave"),
  });
  return sure && attempt(() => client.roomActions.leave(room.id));
}
