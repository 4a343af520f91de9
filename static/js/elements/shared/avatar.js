import { html, nothing } from "lit";

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });
/** How many pixels the picture of a tile has, for screens with two a point. */
const PIXELS = { small: 64, large: 256 };

/** The first character of a name as people see it, so that emoji and combined letters stay whole. */
function initial(name) {
  const [first] = graphemes.segment(name.trim() || "?");
  return first.segment.toLocaleUpperCase();
}

/** Neighbouring ids get hues far apart: steps of the golden angle. */
const hueOf = (id) => Math.round((id * 137.508) % 360);

/**
 * A person's picture, or a tile with their initial, or with other `words`. The name stands beside it, so it is hidden from
 * screen readers. With `opens` a click on it opens the card of that person.
 */
export const avatar = (user, size = "", words = null, opens = nothing) =>
  user.avatar && words === null
    ? html`<img class="avatar ${size}" aria-hidden="true" alt="" src=${`/avatars/${user.avatar}-${PIXELS[size] ?? 128}.webp`} decoding="async" draggable="false" data-person=${opens}>`
    : // The style is set as a property: the security policy forbids the attribute.
      html`<span class="avatar ${size}" aria-hidden="true" data-person=${opens} .style=${`--a: ${hueOf(user.id)}`}>${words ?? initial(user.name || user.username)}</span>`;

/** The same where a click opens their card; whoever uses keys finds the name beside it. */
export const face = (user, size = "") => avatar(user, size, null, user.id);
