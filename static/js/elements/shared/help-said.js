import { html, nothing } from "lit";
import { unsafeHTML } from "lit/directives/unsafe-html.js";

import { errorText } from "../../lib/errors.js";
import { t } from "../../lib/i18n.js";
import { fullTime, shortTime } from "../../lib/time.js";
import { helpOf } from "../../models/help.js";
import { own } from "../../models/own-emoji.js";
import { systemText } from "../list/system.js";
import { attachments } from "./attachments.js";

/** What was said in a conversation with a visitor that I am not in, to be read. */
export function saidTemplate(client, room) {
  const help = helpOf(client);
  const said = help.said(room);
  if (!said || (said.loading && !said.messages)) return html`<p class="note" role="status">${t("help.loading")}</p>`;
  return html`${said.error ? html`<p class="note" role="alert">${errorText(said.error)} <button type="button" class="link-button" @click=${() => help.read(room)}>${t("app.tryAgain")}</button></p>` : nothing}
    ${said.more ? html`<button type="button" class="button quiet small" ?disabled=${said.loading} @click=${() => help.read(room, { more: true })}>${t("app.more")}</button>` : nothing}
    <ol class="said-lines">${(said.messages ?? []).map((message) => line(message, client))}</ol>`;
}

function line(message, client) {
  const author = client.people.author(message.author);
  const time = html`<time datetime=${message.created_at} title=${fullTime(message.created_at)}>${shortTime(message.created_at)}</time>`;
  if (message.kind === "system") return html`<li class="system" dir="auto">${systemText(message, author)} ${time}</li>`;
  const among = message.kind === "note";
  return html`<li class=${among ? "among" : ""}><b dir="auto">${author.name}</b> ${among ? html`<span class="tag">${t("message.among")}</span> ` : nothing}${time}
    ${message.deleted ? html`<p class="note">${t("messages.deleted")}</p>` : html`<div class="body" dir="auto">${unsafeHTML(own.shown(message.html))}</div>${attachments(message.files, { show: () => {}, redraw: () => {} })}`}</li>`;
}
