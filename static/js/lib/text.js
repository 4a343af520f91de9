/** Length as the server counts it: code points of the NFC form, not UTF-16 units. */
export function countCharacters(text) {
  let count = 0;
  for (const _ of text.normalize("NFC")) count += 1;
  return count;
}

/** A link that writes to an address, whatever is in it: nothing of it is a subject, or somebody who gets a copy. */
export function mailto(address) {
  return `mailto:${address.split("@").map(encodeURIComponent).join("@")}`;
}

const EMOJI = /^(?:\p{RI}{2}|[0-9#*]\u{FE0F}?\u{20E3}|\p{Emoji_Presentation}|\p{Emoji_Modifier_Base}\p{Emoji_Modifier}|\p{Extended_Pictographic}\u{FE0F})/u;

let segmenter = null;

/** Whether a text is 1 to 12 emoji and nothing else, to be drawn large. */
export function emojiOnly(text) {
  const squeezed = text.replace(/\s+/g, "");
  // Nearly all texts begin with something else, and telling characters apart is dear.
  if (squeezed.length > 200 || !EMOJI.test(squeezed)) return false;
  const parts = [...segments(squeezed)];
  return parts.length <= 12 && parts.every((part) => EMOJI.test(part));
}

/** The emoji that a message is and nothing else, typed or by name (`:tada:`), or "". */
export function emojiOf({ text, html }) {
  if (emojiOnly(text)) return text;
  const alone = /^<p>([^<]{1,200})<\/p>$/.exec(html)?.[1] ?? "";
  return emojiOnly(alone) ? alone : "";
}

function* segments(text) {
  if (typeof Intl.Segmenter !== "function") return yield* text;
  segmenter ??= new Intl.Segmenter(undefined, { granularity: "grapheme" });
  for (const { segment } of segmenter.segment(text)) yield segment;
}
