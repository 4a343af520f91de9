/** How people appear: what holds of it now, and until when it may be chosen. */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Until when a status may last; "custom" is a time of one's own. */
export const SPANS = ["never", "30min", "1h", "4h", "today", "week", "custom"];

/** What is often said: each with its words at `status.preset.NAME`. */
export const PRESETS = [
  { name: "meeting", emoji: "📅", status: "dnd", span: "1h" },
  { name: "focus", emoji: "🎧", status: "dnd", span: "4h" },
  { name: "lunch", emoji: "🍜", status: "away", span: "1h" },
  { name: "travelling", emoji: "🚆", status: "away", span: "30min" },
  { name: "sick", emoji: "🤒", status: "away", span: "today" },
  { name: "holiday", emoji: "🌴", status: "away", span: "week" },
];

/**
 * The end of a span that begins now, by this device's clock and calendar; a week ends on Sunday.
 *
 * @param {string} span
 * @param {Date} now
 * @returns {Date | null} null where it has none of itself
 */
export function endOf(span, now) {
  if (span === "30min") return new Date(now.getTime() + 30 * MINUTE);
  if (span === "1h" || span === "4h") return new Date(now.getTime() + Number(span[0]) * HOUR);
  if (span !== "today" && span !== "week") return null;
  const days = span === "today" ? 1 : 8 - (now.getDay() || 7);
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + days);
}

/**
 * What somebody says of themselves, as far as it has not ended: a page without a connection is not told of that.
 *
 * @param {{status_emoji?: string, status_text?: string, status_until?: string | null}} user
 * @param {number} [now] by the server's clock
 * @returns {{emoji: string, text: string, until: string | null}}
 */
export function statusOf({ status_emoji: emoji = "", status_text: text = "", status_until: until = null }, now = Date.now()) {
  if (until !== null && Date.parse(until) <= now) return { emoji: "", text: "", until: null };
  return { emoji, text, until };
}

const LEADING = /^(?:\p{RGI_Emoji}|:[a-z0-9_+\-]+:)/v;

/**
 * "🍜 At lunch" or ":ramen: At lunch" as an emoji and words; either may be missing.
 *
 * @param {string} words
 * @param {(name: string) => Promise<string | null>} emojiNamed what `:name:` stands for
 */
export async function parseStatus(words, emojiNamed) {
  const found = LEADING.exec(words)?.[0] ?? "";
  const emoji = found.startsWith(":") ? await emojiNamed(found) : found;
  return { emoji: emoji || "", text: (emoji ? words.slice(found.length) : words).trim() };
}
