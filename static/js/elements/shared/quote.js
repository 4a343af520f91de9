import { html } from "lit";

import { t } from "../../lib/i18n.js";
import { excerpt } from "./excerpt.js";

/**
 * The line above a reply: what it answers. A click asks for that message with `hub-show`.
 *
 * @param {object | null | undefined} original null where it is not there for me, undefined while it is on its way
 * @param {object} client
 * @param {(seq: number) => void} show
 */
export function quote(original, client, show) {
  if (!original) return html`<p class="quote note"><span>${original === null ? t("quote.gone") : "…"}</span></p>`;
  const { name } = client.people.author(original.author);
  const edited = original.edited_at && !original.deleted ? html`<small>${t("message.edited")}</small>` : "";
  return html`<button type="button" class="quote" @click=${() => show(original.seq)}>
    <span class="visually-hidden">${t("quote.label")}</span><b dir="auto">${name}</b><span dir="auto" class=${original.deleted ? "note" : ""}>${excerpt(original)}</span>${edited}
  </button>`;
}
