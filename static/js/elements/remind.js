import { aheadText } from "../lib/ahead.js";
import { t } from "../lib/i18n.js";
import { attempt } from "./shared/attempt.js";
import { chooseTime } from "./hub-when.js";
import { toast } from "./hub-toast.js";

const TIMES = ["20min", "1h", "tomorrow", "monday"];

/** Let me choose when to be reminded of a message; where I am already, when else. */
export async function remind({ client: { saved, clockOffset }, message }, anchor) {
  const [wasSaved, before] = [saved.has(message.id), saved.reminder(message.id)];
  const wasWaiting = before?.state === "waiting";
  const at = await chooseTime(anchor, { heading: t("reminder.heading"), names: TIMES, offset: clockOffset, at: wasWaiting ? before.at : undefined });
  if (!at || !(await attempt(() => saved.remind(message, at)))) return;
  // One that has come can't come in the past again.
  const undo = () => (wasSaved ? saved.remind(message, wasWaiting ? new Date(before.at) : null) : saved.set(message, false));
  toast({ text: t("reminder.set", { time: aheadText(at) }), action: t("app.undo"), run: () => attempt(undo) });
}
