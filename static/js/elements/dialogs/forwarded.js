import { countCharacters } from "../../lib/text.js";

/**
 * A message sent on, in Markdown: the comment, and the text as a quote under who wrote it, which links to the message. A text
 * that does not fit is cut.
 *
 * @param {{comment: string, text: string, from: string, link: string, most: number}} parts
 */
export function forwarded({ comment, text, from, link, most }) {
  const said = comment.trim();
  const begin = `${said ? `${said}\n\n` : ""}> [${escaped(from)}](${link})\n>\n`;
  const whole = begin + quoted(text);
  const over = countCharacters(whole) - most;
  if (over <= 0) return whole;
  const room = most - countCharacters(begin) - 1;
  // Each line of the quote costs its mark too, so what is cut is counted in the quote.
  return `${begin}${[...quoted(text).normalize("NFC")].slice(0, Math.max(0, room)).join("")}…`;
}

const quoted = (text) => text.split("\n").map((line) => (line ? `> ${line}` : ">")).join("\n");

/** Names may hold what Markdown reads. */
const escaped = (text) => text.replace(/[\\`*_[\]<>#!@&~|]/g, "\\$&");
