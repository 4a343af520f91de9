/** When somebody wants to hear nothing: the same rules as `chat/silence.py`. */

const DAY = 86_400_000;
const formats = new Map();

/**
 * @param {{status: string, status_until?: string | null}} me
 * @param {object | null} hours my quiet hours
 * @param {number} [now] milliseconds, by the server's clock
 */
export function isSilent(me, hours, now = Date.now()) {
  const busy = me.status === "dnd" && (!me.status_until || now < Date.parse(me.status_until));
  return busy || inQuietHours(hours, now);
}

export function inQuietHours(hours, now = Date.now()) {
  if (!hours) return false;
  const { start, end, days, zone } = hours;
  const { day, clock } = localTime(zone, now);
  if (start < end) return days.includes(day) && start <= clock && clock < end;
  // Over midnight: what began today, or what began yesterday and has not ended.
  const yesterday = localTime(zone, now - DAY).day;
  return (days.includes(day) && clock >= start) || (days.includes(yesterday) && clock < end);
}

/** The weekday, Monday being 1, and "22:05". */
function localTime(zone, now) {
  const parts = Object.fromEntries(formatOf(zone).formatToParts(now).map(({ type, value }) => [type, value]));
  return { day: ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].indexOf(parts.weekday) + 1, clock: `${parts.hour}:${parts.minute}` };
}

function formatOf(zone) {
  if (!formats.has(zone)) formats.set(zone, makeFormat(zone));
  return formats.get(zone);
}

function makeFormat(timeZone) {
  const options = { weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  try {
    return new Intl.DateTimeFormat("en-GB", { ...options, timeZone });
  } catch {
    // A zone that the server knows and this browser does not.
    return new Intl.DateTimeFormat("en-GB", { ...options, timeZone: "UTC" });
  }
}
