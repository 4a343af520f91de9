/** What can be done about a message that was reported, and about who wrote it; each settles its reports. */

import { t } from "../../lib/i18n.js";
import { reportsOf } from "../../models/reports.js";
import { roomSanctionsOf } from "../../models/room-sanctions.js";
import { ask } from "../hub-confirm.js";
import { removePerson } from "./person-items.js";
import { mayDecide, mayDecideAnywhere, mayRemove } from "./rights.js";

const OUTCOMES = { warn: "warned", mute: "muted", ban: "banned" };

/**
 * @param {object} client
 * @param {{id: number, reports: object[]}} group of one message
 * @param {object | undefined} message as it is now, where that is known
 * @param {{place: string, closed: () => void}} about where it was said, in words, and what to do when a dialog has settled it and closed
 * @returns {{direct: object[], menu: object[]}} with `text`, `danger` and `run`, in the menu an `icon`
 */
export function reportActs(client, group, message, { place, closed }) {
  const [report] = group.reports;
  const room = client.rooms.get(report.room);
  const user = client.people.get(report.author);
  const settle = (outcome, remove = false) => reportsOf(client).settle(group, outcome, remove);
  const there = !message?.deleted;
  const member = room?.members.list.find((one) => one.user.id === user.id);
  // In a large room not everybody is known.
  const maybeInside = Boolean(room) && (!room.members.loaded || room.members.more);
  const named = report.room_name !== null;
  const decides = room && named ? mayDecide(client.me, room, user, member?.role ?? null) : mayDecideAnywhere(client.me, user);

  const decide = (act, everywhere = false) => () => document.querySelector("hub-app").tell("hub-dialog", {
    name: "decide",
    about: { act, user, room: everywhere ? null : report.room, place, removable: there, done: (remove) => settle(OUTCOMES[act], remove), closed },
  });
  const banned = Boolean(room && named && decides && roomSanctionsOf(client).about(room.id, user.id).ban);
  const inside = !banned && (member || maybeInside);
  return {
    direct: [
      { text: t("reports.dismiss"), run: () => settle("dismissed") },
      ...(there ? [{ text: t("reports.delete"), danger: true, run: () => deleteIt(() => settle("removed", true)) }] : []),
    ],
    menu: [
      // Nobody leads a direct conversation: what staff decide of it holds everywhere.
      ...(decides ? [{ icon: "triangle-alert", text: t("person.warn"), run: decide("warn", !named) }, { icon: "message-square-off", text: t("person.mute"), run: decide("mute", !named) }] : []),
      ...(inside && named && mayRemove(client.me, room, { role: "member", ...member, user }) ? [{ icon: "user-minus", text: t("person.remove"), danger: true, run: async () => void ((await removePerson(client, room, user)) && (await settle("expelled"))) }] : []),
      ...(decides && named && !banned ? [{ icon: "ban", text: t("person.ban"), danger: true, run: decide("ban") }] : []),
    ],
  };
}

async function deleteIt(work) {
  const sure = await ask({ heading: t("message.deleteHeading"), text: t("reports.deleteText"), confirm: t("app.delete") });
  if (sure) await work();
}
