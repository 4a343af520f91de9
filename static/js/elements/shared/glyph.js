import { html } from "lit";

import { own } from "../../models/own-emoji.js";

/** An emoji as it is drawn: a sign, one of the server's own, or the name of one that there is no more. */
export function glyph(emoji) {
  const url = own.urlOf(emoji);
  return url ? html`<img class="own-emoji" src=${url} alt=${emoji}>` : emoji;
}
