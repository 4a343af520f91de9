/** Times as people read them, in their language, in their own time zone. */
import { language, t } from "./i18n.js";

const formats = new Map();

/** A format of the person's language, made once. */
export function timeFormat(options) {
  const locale = localeOf(language());
  const key = locale + JSON.stringify(options);
  let made = formats.get(key);
  if (!made) formats.set(key, (made = new Intl.DateTimeFormat(locale, options)));
  return made;
}

/** The person's own regional form of the language (en-US, zh-CN), else a neutral one. */
function localeOf(name) {
  const base = name.slice(0, 2);
  const own = globalThis.navigator?.languages?.find((candidate) => candidate.startsWith(base));
  return own ?? (base === "zh" ? "zh-CN" : "en-GB");
}

/** "14:05" */
export const clockTime = byMinute({ hour: "2-digit", minute: "2-digit" });

/** Date and time in full, for titles. */
export const fullTime = byMinute({ dateStyle: "full", timeStyle: "short" });

/** Messages stand close together: what is said of the last one's minute is said again. */
function byMinute(options) {
  let last = { key: null, text: "" };
  return (iso) => {
    const key = `${language()} ${iso.slice(0, "2026-01-01T00:00".length)}`;
    if (key !== last.key) last = { key, text: timeFormat(options).format(new Date(iso)) };
    return last.text;
  };
}

/** "Today", "Yesterday", "Monday, 3 March", with the year unless it is this year. */
export function dayLabel(iso, now = Date.now()) {
  const day = new Date(iso);
  const distance = daysBetween(day, new Date(now));
  if (distance === 0) return t("time.today");
  if (distance === 1) return t("time.yesterday");
  const year = day.getFullYear() === new Date(now).getFullYear() ? {} : { year: "numeric" };
  return timeFormat({ weekday: "long", day: "numeric", month: "long", ...year }).format(day);
}

/** "14:05" today, else "3 Mar", with the year unless it is this year. */
export function shortTime(iso, now = Date.now()) {
  const day = new Date(iso);
  if (daysBetween(day, new Date(now)) === 0) return clockTime(iso);
  const year = day.getFullYear() === new Date(now).getFullYear() ? {} : { year: "numeric" };
  return timeFormat({ day: "numeric", month: "short", ...year }).format(day);
}

/** The local day as yyyy-mm-dd, to tell days apart. */
export function dayKey(iso) {
  const day = new Date(iso);
  const two = (number) => String(number).padStart(2, "0");
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
}

const STEPS = [["day", 86_400], ["hour", 3_600], ["minute", 60]];

/** "5 minutes ago"; within a minute "just now". */
export function ago(iso, now = Date.now()) {
  const seconds = (new Date(iso).getTime() - now) / 1000;
  const step = STEPS.find(([, length]) => Math.abs(seconds) >= length);
  if (!step) return t("time.now");
  const [unit, length] = step;
  return new Intl.RelativeTimeFormat(localeOf(language()), { numeric: "auto" }).format(Math.trunc(seconds / length), unit);
}

// Counted in UTC midnights of the local dates, because a local day may have 23 or 25 hours.
function daysBetween(earlier, later) {
  const midnight = (date) => Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());
  return Math.round((midnight(later) - midnight(earlier)) / 86_400_000);
}
