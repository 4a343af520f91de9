import { language, t } from "../../lib/i18n.js";

/** What a room's slow mode can be set to, in seconds. */
export const SLOW_MODES = [0, 5, 10, 30, 60, 300, 900, 3600, 21_600];

/** "30 seconds", "5 minutes", "1 hour" */
export function duration(seconds) {
  const [unit, length] = seconds >= 3600 ? ["hour", 3600] : seconds >= 60 ? ["minute", 60] : ["second", 1];
  return new Intl.NumberFormat(language(), { style: "unit", unit, unitDisplay: "long", maximumFractionDigits: 1 }).format(seconds / length);
}

export const slowModeText = (seconds) => (seconds ? t("slowMode.on", { time: duration(seconds) }) : t("slowMode.off"));
