/** What may be done about somebody in a room: their role, and taking them out. */

import { t } from "../../lib/i18n.js";
import { ask } from "../hub-confirm.js";
import { attempt } from "./attempt.js";
import { mayRemove, rolesFor } from "./rights.js";
import { roomLabel } from "./words.js";

const ICONS = { owner: "crown", moderator: "shield", member: "user" };

/**
 * @param {object} client
 * @param {import("../../models/room.js").Room} room
 * @param {{user: object, role: string}} member
 * @returns {{icon: string, text: string, danger?: boolean, act: () => Promise<void>}[]}
 */
export function personItems(client, room, member) {
  const { user } = member;
  const mine = user.id === client.me.id;
  const items = rolesFor(client.me, room, member, room.members).map((role) => ({
    icon: ICONS[role],
    text: t(mine ? `person.step.${role}` : `person.make.${role}`),
    act: () => setRole(client, room, user, role),
  }));
  if (mayRemove(client.me, room, member)) {
    items.push({ icon: "user-minus", text: t("person.remove"), danger: true, act: () => remove(client, room, user) });
  }
  return items;
}

/** Only others can give me back what I give up. */
async function setRole(client, room, user, role) {
  const question = { heading: t("person.stepHeading"), text: t("person.stepText", { room: roomLabel(room) }), confirm: t(`person.step.${role}`) };
  if (user.id === client.me.id && !(await ask(question))) return;
  await attempt(() => client.roomActions.setRole(room.id, user.id, role));
}

async function remove(client, room, user) {
  const sure = await ask({
    heading: t("details.removeHeading", { name: user.name }),
    text: t("details.removeText", { name: user.name, room: roomLabel(room) }),
    confirm: t("details.removeConfirm"),
  });
  if (sure) await attempt(() => client.roomActions.removeMember(room.id, user.id));
}
