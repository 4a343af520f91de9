/** What can be done with a section of the sidebar, and with a room's place in it, as items of a menu. */

import { t } from "../../lib/i18n.js";
import { toast } from "../hub-toast.js";
import { attempt } from "./attempt.js";
import { roomPath } from "./route.js";

/** What a section's own menu offers. `tell` asks for a dialog. */
export function sectionItems(client, name, tell) {
  const { sections } = client;
  const at = sections.list.findIndex((section) => section.name === name);
  return [
    { icon: "pencil", text: t("section.rename"), act: () => tell("hub-dialog", { name: "section", section: name }) },
    at > 0 && { icon: "arrow-up", text: t("section.up"), act: () => attempt(() => sections.shift(name, -1)) },
    at < sections.list.length - 1 && { icon: "arrow-down", text: t("section.down"), act: () => attempt(() => sections.shift(name, 1)) },
    { icon: "trash-2", text: t("section.remove"), danger: true, divided: true, act: () => remove(sections, name) },
  ].filter(Boolean);
}

/** How a room gets another place: into a section and out of it, and up and down in the one where it is. */
export function placeItems(client, room, tell) {
  const { sections, rooms } = client;
  const name = sections.of(room.id);
  const inside = room.starred || name === null ? [] : rooms.groups.find((group) => group.section === name).rooms;
  const at = inside.indexOf(room);
  const step = (before) => move(() => sections.put(room.id, name, before), room);
  return [
    { icon: "folder-input", text: t("section.move"), divided: true, act: () => tell("hub-dialog", { name: "section", room }) },
    at > 0 && { icon: "arrow-up", text: t("section.up"), act: () => step(inside[at - 1].id) },
    at >= 0 && at < inside.length - 1 && { icon: "arrow-down", text: t("section.down"), act: () => step(inside[at + 2]?.id ?? null) },
  ].filter(Boolean);
}

async function move(change, room) {
  if (await attempt(change)) toRoom(room);
}

/** The room's row is another one when it has moved: the focus goes along. */
export function toRoom(room) {
  requestAnimationFrame(() => setTimeout(() => document.querySelector(`hub-sidebar a[href="${roomPath(room.id)}"]`)?.focus()));
}

async function remove(sections, name) {
  await attempt(async () => {
    const bringBack = await sections.remove(name);
    toast({ text: t("section.removed", { name }), action: t("app.undo"), run: () => attempt(bringBack) });
  });
}
