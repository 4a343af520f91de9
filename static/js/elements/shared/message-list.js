import { html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";

import { errorText } from "../../lib/errors.js";
import { t } from "../../lib/i18n.js";
import { icon } from "./icon.js";
import { rowSkeletons } from "./skeleton.js";

/** So many pixels before its end, more of a list is read. */
const AHEAD = 400;

/**
 * A list of messages in a panel, which is read page by page as somebody scrolls.
 *
 * @param {import("../../models/listing.js").Listing & {next: number | null, more: () => Promise<void>}} listing
 * @param {{messages?: object[] | null, row: (message: object) => any, sign: string, none: string, offline: string, onKey: (event: Event) => void}} about
 *   `messages` where not all that the listing has is shown; `sign` and `none` stand where there is nothing
 */
export function messageList(listing, { messages = listing.list, row, sign, none, offline, onKey }) {
  return html`<div class="scroll" tabindex="-1" aria-busy=${listing.loading ? "true" : "false"} @scroll=${(event) => atEnd(event.currentTarget) && listing.more()}>
      ${content(listing, { messages, row, sign, none, offline, onKey })}
    </div>
    <p class="visually-hidden" role="status">${messages && !messages.length && !listing.loading ? none : nothing}</p>`;
}

function content(listing, { messages, row, sign, none, offline, onKey }) {
  const { error } = listing;
  if (!messages) return error ? failed(listing, offline) : rowSkeletons(6);
  if (!messages.length && !listing.next && !error) return html`<div class="empty-search">${icon(sign)}<p>${none}</p></div>`;
  return html`<ol class="hits" @keydown=${onKey}>${repeat(messages, (message) => message.id, row)}</ol>
    ${error ? failed(listing, offline) : listing.next
      ? html`<div class="more"><button type="button" class="button quiet small" ?disabled=${listing.loading} @click=${() => listing.more()}>${t("app.more")}</button></div>`
      : nothing}`;
}

function failed(listing, offline) {
  const lost = listing.error.code === "disconnected";
  return html`<div class="empty-search" role="alert">
    ${icon(lost ? "wifi-off" : "triangle-alert")}
    <p>${lost ? offline : errorText(listing.error)}</p>
    ${lost ? nothing : html`<button type="button" class="button quiet small" @click=${() => listing.reload()}>${t("app.tryAgain")}</button>`}
  </div>`;
}

const atEnd = (list) => list.scrollHeight - list.scrollTop - list.clientHeight < AHEAD;
