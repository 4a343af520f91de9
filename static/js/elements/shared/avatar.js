import { html } from "lit";

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** The first character of a name as people see it, so that emoji and combined letters stay whole. */
function initial(name) {
  const [first] = graphemes.segment(name.trim() || "?");
  return first.segment.toLocaleUpperCase();
}

/** Neighbouring ids get hues far apart: steps of the golden angle. */
const hueOf = (id) => Math.round((id * 137.508) % 360);

/** A tile with a person's initial, or with other `words`. The name stands beside it, so it is hidden from screen readers. */
export const avatar = (user, size = "", words = initial(user.name || user.username)) =>
  // The style is set as a property: the security policy forbids the attribute.
  html`<span class="avatar ${size}" aria-hidden="true" .style=${`--a: ${hueOf(user.id)}`}>${words}</span>`;
