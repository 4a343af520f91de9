/** How visitors' conversations are spoken of, and what is done with them. */

import { language, t } from "../../lib/i18n.js";
import { helpOf } from "../../models/help.js";
import { attempt } from "./attempt.js";
import { mayRelease } from "./rights.js";
import { openMenu } from "../hub-popup.js";

const STEPS = [["day", 86_400], ["hour", 3_600], ["minute", 60], ["second", 1]];

/** For how long, in the largest unit that fits: "42 sec", "3 min". */
export function lasted(seconds) {
  const [unit, length] = STEPS.find(([, length]) => seconds >= length) ?? STEPS.at(-1);
  return new Intl.NumberFormat(language(), { style: "unit", unit, unitDisplay: "short", maximumFractionDigits: 0 }).format(Math.floor(Math.max(0, seconds) / length));
}

/** For how long somebody has waited for an answer, or null where nobody does. */
export function waited({ waiting_since: since }, client) {
  return since && lasted((Date.now() + client.clockOffset - Date.parse(since)) / 1000);
}

/** Who has it, or what has become of it. */
export function standing({ state, agent }, client) {
  if (state === "resolved") return t("help.state.resolved");
  if (agent === null) return t("help.state.nobody");
  return agent === client.me.id ? t("help.state.mine") : t("help.state.theirs", { name: client.people.get(agent).name });
}

/** The address that a visitor looks at as a link, or null: only what leads to a page. */
export function pageLink(page) {
  try {
    const url = new URL(page);
    return url.protocol === "https:" || url.protocol === "http:" ? url : null;
  } catch {
    return null;
  }
}

/** Ask to whom to give it. */
export function handOver(client, conversation, opener) {
  return attempt(async () => {
    const help = helpOf(client);
    const agents = await help.agents();
    const give = (user) => () => attempt(() => help.assign(conversation.room, user));
    const others = agents.filter(({ id }) => id !== conversation.agent).map((user) => ({ icon: "user", text: user.id === client.me.id ? t("help.toMe") : user.name, act: give(user.id) }));
    const nobody = { icon: "clock", text: t("help.toNobody"), divided: others.length > 0, act: give(null) };
    openMenu({ opener, label: t("help.handOver"), items: mayRelease(conversation) ? [...others, nobody] : others });
  });
}
