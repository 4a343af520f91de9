import { t } from "../../lib/i18n.js";
import { fullTime } from "../../lib/time.js";

/** Say behind the last words of a message's body that it was edited, with the time. */
export function markEdited(body, message) {
  if (!body) return;
  for (const old of body.querySelectorAll("small.edited")) old.remove();
  if (!message.edited_at || message.deleted) return;
  const mark = document.createElement("small");
  mark.className = "edited";
  mark.textContent = t("message.edited");
  mark.title = fullTime(message.edited_at);
  const last = body.lastElementChild;
  if (last?.matches("p")) last.append(" ", mark);
  else body.append(mark);
}
