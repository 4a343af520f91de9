/** Times to come: those that are often chosen, and how they are said. By this device's clock, calendar and time zone. */

import { t } from "./i18n.js";
import { clockTime, dayKey, timeFormat } from "./time.js";

const MINUTE = 60_000;
const MORNING = 9;
const SPANS = { "20min": 20 * MINUTE, "1h": 60 * MINUTE };
/** As far ahead as the server takes it. */
const MOST_DAYS = 365;

/**
 * @param {("20min" | "1h" | "tomorrow" | "monday")[]} names
 * @param {Date} now
 * @param {number} [offset] how far the server's clock, which will decide, is ahead of this one
 * @returns {{name: string, at: Date}[]} without those that are at the time of an earlier one: on Sundays tomorrow is Monday
 */
export function presets(names, now, offset = 0) {
  const found = names.map((name) => ({ name, at: name in SPANS ? new Date(now.getTime() + SPANS[name] + offset) : morning(name, now) }));
  return found.filter(({ at }, place) => found.findIndex((other) => other.at.getTime() === at.getTime()) === place);
}

function morning(name, now) {
  const days = name === "tomorrow" ? 1 : 8 - (now.getDay() || 7);
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, MORNING);
}

/** "today, 14:05", "tomorrow, 09:00", "Monday, 3 March, 09:00", with the year unless it is this year. */
export function aheadText(iso, now = Date.now()) {
  const [at, here] = [new Date(iso), new Date(now)];
  const time = clockTime(at.toISOString());
  if (dayKey(at) === dayKey(here)) return t("ahead.today", { time });
  if (dayKey(at) === dayKey(new Date(here.getFullYear(), here.getMonth(), here.getDate() + 1))) return t("ahead.tomorrow", { time });
  const year = at.getFullYear() === here.getFullYear() ? {} : { year: "numeric" };
  return t("ahead.day", { day: timeFormat({ weekday: "short", day: "numeric", month: "short", ...year }).format(at), time });
}

/** A moment as a field of the type datetime-local has it. */
export const localValue = (moment) => new Date(moment.getTime() - moment.getTimezoneOffset() * MINUTE).toISOString().slice(0, 16);

/** The bounds of such a field. */
export const bounds = (now) => ({ min: localValue(now), max: localValue(new Date(now.getFullYear(), now.getMonth(), now.getDate() + MOST_DAYS)) });
