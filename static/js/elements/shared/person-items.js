/** What may be done about somebody in a room: their role, a warning, keeping them silent, taking them out, keeping them out. */

import { t } from "../../lib/i18n.js";
import { roomSanctionsOf } from "../../models/room-sanctions.js";
import { ask } from "../hub-confirm.js";
import { toast } from "../hub-toast.js";
import { attempt } from "./attempt.js";
import { mayDecide, mayRemove, rolesFor } from "./rights.js";
import { roomLabel } from "./words.js";

const ICONS = { owner: "crown", moderator: "shield", member: "user" };

/**
 * @param {object} client
 * @param {import("../../models/room.js").Room} room
 * @param {object} user
 * @param {{user: object, role: string} | null} member null who is not in the room, or not known to be, and may be banned from it all the same
 * @returns {{icon: string, text: string, danger?: boolean, act: () => Promise<void>}[]}
 */
export function personItems(client, room, user, member) {
  const decides = mayDecide(client.me, room, user, member?.role ?? null);
  return [
    ...(member ? roles(client, room, { ...member, user }) : []),
    ...(decides ? silence(client, room, user, member) : []),
    ...(member && mayRemove(client.me, room, { ...member, user }) ? [{ icon: "user-minus", text: t("person.remove"), danger: true, act: () => removePerson(client, room, user) }] : []),
    ...(decides ? [ban(client, room, user)] : []),
  ];
}

function roles(client, room, member) {
  const mine = member.user.id === client.me.id;
  return rolesFor(client.me, room, member, room.members).map((role) => ({
    icon: ICONS[role],
    text: t(mine ? `person.step.${role}` : `person.make.${role}`),
    act: () => setRole(client, room, member.user, role),
  }));
}

function silence(client, room, user, member) {
  const { mute } = roomSanctionsOf(client).about(room.id, user.id);
  const unmute = { icon: "message-square", text: t("person.unmute"), act: () => lift(client, mute, user, room) };
  const outside = !member && room.members.loaded && !room.members.more;
  if (outside) return mute ? [unmute] : [];
  return [
    { icon: "triangle-alert", text: t("person.warn"), act: () => decide(client, "warn", user, room) },
    mute ? unmute : { icon: "message-square-off", text: t("person.mute"), act: () => decide(client, "mute", user, room) },
  ];
}

function ban(client, room, user) {
  const { ban: found } = roomSanctionsOf(client).about(room.id, user.id);
  if (found) return { icon: "door-open", text: t("person.unban"), act: () => lift(client, found, user, room) };
  return { icon: "ban", text: t("person.ban"), danger: true, act: () => decide(client, "ban", user, room) };
}

/** Ask for the rest, and do it. The dialog is the page's, whatever opened it. */
function decide(client, act, user, room) {
  document.querySelector("hub-app").tell("hub-dialog", { name: "decide", about: { act, user, room: room.id, place: roomLabel(room) } });
}

/** Let somebody speak again, or come in again, after asking once. */
export async function lift(client, sanction, user, room) {
  const key = `person.lift.${sanction.kind}`;
  const params = { name: user.name, room: roomLabel(room) };
  if (!(await ask({ heading: t(`${key}.heading`, params), text: t(`${key}.text`, params), confirm: t(`${key}.do`), harmless: true }))) return;
  if (await attempt(() => roomSanctionsOf(client).lift(sanction))) toast({ text: t(`${key}.done`, params) });
}

/** Only others can give me back what I give up. */
async function setRole(client, room, user, role) {
  const question = { heading: t("person.stepHeading"), text: t("person.stepText", { room: roomLabel(room) }), confirm: t(`person.step.${role}`) };
  if (user.id === client.me.id && !(await ask(question))) return;
  await attempt(() => client.roomActions.setRole(room.id, user.id, role));
}

/** Take somebody out of a room after asking once. @returns {Promise<boolean>} whether they are out */
export async function removePerson(client, room, user) {
  const sure = await ask({
    heading: t("details.removeHeading", { name: user.name }),
    text: t("details.removeText", { name: user.name, room: roomLabel(room) }),
    confirm: t("details.removeConfirm"),
  });
  return sure && attempt(() => client.roomActions.removeMember(room.id, user.id));
}
