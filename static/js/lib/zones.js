/** What time it is elsewhere. */
import { timeFormat } from "./time.js";

/** "14:05" there, or null where this browser does not know the zone. */
export function timeIn(zone, moment) {
  try {
    return timeFormat({ hour: "2-digit", minute: "2-digit", weekday: "short", timeZone: zone }).format(moment);
  } catch {
    return null;
  }
}

/** How many minutes the clocks there are ahead of those here. */
export function offsetBetween(zone, moment) {
  return Math.round((wall(zone, moment) - wall(undefined, moment)) / 60_000);
}

/** What the clock on the wall shows, as if it were UTC. */
function wall(timeZone, moment) {
  const format = new Intl.DateTimeFormat("en", { timeZone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric" });
  const parts = Object.fromEntries(format.formatToParts(moment).map(({ type, value }) => [type, Number(value)]));
  return Date.UTC(parts.year, parts.month - 1, parts.day, parts.hour, parts.minute, parts.second);
}
