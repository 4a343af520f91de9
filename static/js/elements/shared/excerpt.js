import { filesText } from "../../lib/files.js";
import { t } from "../../lib/i18n.js";

const LENGTH = 200;
const made = new WeakMap();

/** The first words of a message as plain text, on one line; of one that is files alone, what they are. */
export function excerpt(message) {
  // Messages are replaced when they change, never changed.
  if (!made.has(message)) made.set(message, words(message));
  return made.get(message);
}

function words(message) {
  if (message.deleted) return t("messages.deleted");
  const frame = document.createElement("template");
  frame.innerHTML = message.html;
  // What was hidden on purpose stays so.
  for (const spoiler of frame.content.querySelectorAll(".spoiler")) spoiler.textContent = "▒▒▒";
  for (const emoji of frame.content.querySelectorAll("img")) emoji.replaceWith(emoji.alt);
  // Where one block ends and the next begins, there is a space between their words.
  for (const block of frame.content.querySelectorAll("p, li, pre, h1, h2, h3, h4, h5, h6, tr, br")) block.after(" ");
  const text = frame.content.textContent.replace(/\s+/g, " ").trim();
  if (text) return [...text].slice(0, LENGTH).join("");
  return message.files.length ? filesText(message.files) : "";
}
