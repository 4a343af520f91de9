import { html, nothing } from "lit";

import { t } from "../../lib/i18n.js";
import { clockTime, shortTime } from "../../lib/time.js";
import { statusOf } from "../../models/statuses.js";
import { glyph } from "./glyph.js";

const isToday = (iso) => shortTime(iso) === clockTime(iso);

/** "until 14:05", with the day where that is another one. */
export const untilText = (until) => t("status.until", { time: isToday(until) ? clockTime(until) : `${shortTime(until)} ${clockTime(until)}` });

/** Somebody's emoji beside their name, with what it means. */
export function statusMark(user) {
  const { emoji, text, until } = statusOf(user);
  if (!emoji) return nothing;
  const words = [text, until && untilText(until)].filter(Boolean).join(" · ");
  return html`<span class="status-mark" role="img" aria-label=${words || emoji} title=${words || nothing}>${glyph(emoji)}</span>`;
}

/** The same and its words, in one line; null where there is neither. */
export function statusLine(user) {
  const { emoji, text } = statusOf(user);
  return emoji || text ? html`${emoji ? glyph(emoji) : nothing}${emoji && text ? " " : nothing}${text}` : null;
}
