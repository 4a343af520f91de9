import { html } from "lit";
import { AsyncDirective, directive } from "lit/async-directive.js";

import { isOwn, own } from "../../models/own-emoji.js";

/** An emoji as it is drawn: a sign, one of the server's own, or the name of one that there is no more. */
export const glyph = (emoji) => (isOwn(emoji) ? ownGlyph(emoji) : emoji);

/** One of the server's own follows what becomes of it, wherever it stands. */
class OwnGlyph extends AsyncDirective {
  #emoji = "";
  #stop = null;

  render(emoji) {
    this.#emoji = emoji;
    if (this.isConnected) this.#follow();
    const url = own.urlOf(emoji);
    return url ? html`<img class="own-emoji" src=${url} alt=${emoji}>` : emoji;
  }

  disconnected() {
    this.#stop?.();
    this.#stop = null;
  }

  reconnected() {
    this.setValue(this.render(this.#emoji));
  }

  #follow() {
    this.#stop ??= own.on("change", () => this.setValue(this.render(this.#emoji)));
  }
}

const ownGlyph = directive(OwnGlyph);
