import { t } from "../../lib/i18n.js";

/** What a system message tells, as a sentence. */
export function systemText(message, author) {
  const { happening } = message;
  if (!happening) return message.text;
  const cleared = happening.what === "topic" && !happening.value;
  return t(`system.${cleared ? "noTopic" : happening.what}`, { name: author.name, value: happening.value });
}
