import { html } from "lit";

import { language, t } from "../../lib/i18n.js";

const GAP = "\u0001";

/** A translation whose `{slot}` is filled with a template instead of text. */
export function rich(key, slot, template, params = {}) {
  const [before, after = ""] = t(key, { ...params, [slot]: GAP }).split(GAP);
  return html`${before}${template}${after}`;
}

/** Names in a sentence of the language, each in bold. */
export function boldNames(names) {
  const list = new Intl.ListFormat(language(), { type: "conjunction" });
  return list.formatToParts(names).map((part) => (part.type === "element" ? html`<b dir="auto">${part.value}</b>` : part.value));
}

/** `#name` for a room that has a name, else the people in it, or who is helped there. */
export const roomLabel = (room) => (room.personal ? room.title : `#${room.name}`);
