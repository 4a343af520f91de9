import { html, nothing } from "lit";
import { guard } from "lit/directives/guard.js";
import { repeat } from "lit/directives/repeat.js";

import { errorText } from "../../lib/errors.js";
import { t } from "../../lib/i18n.js";
import { dayLabel } from "../../lib/time.js";
import { icon } from "../shared/icon.js";
import { rowSkeletons } from "../shared/skeleton.js";
import { byDay } from "./by-day.js";
import { systemText } from "./system.js";
import "../hub-beginning.js";
import "../hub-message.js";

const NONE = [];

/**
 * The rows of a room's list, day by day.
 *
 * @param {object[]} rows of models/grouping.js
 * @param {{client: object, room: object, editing: number | null}} about - `editing`: the id of the message that is being edited
 */
export function rowsTemplate(rows, about) {
  return repeat(byDay(rows), (day) => day.key, (day) => html`<div class="day-group">
    ${day.day ? html`<div class="day"><time datetime=${day.day.date}>${dayLabel(day.day.date)}</time></div>` : nothing}
    ${repeat(day.rows, (row) => row.key, (row) => rowTemplate(row, about))}
  </div>`);
}

/**
 * What stands where no message is yet, beside the element of the rows: that one would seem to jump when they come. Without a
 * connection nothing is on its way, and nothing is drawn as if it were.
 */
export function waitingTemplate(timeline, connection) {
  if (connection.troubled) return html`<div class="waiting">${laterTemplate("messages.offline")}</div>`;
  return html`<div class="waiting">${timeline?.error ? failedTemplate(timeline) : rowSkeletons(7)}</div>`;
}

/** What stands above the rows while older ones come, or until they can. */
export function beforeTemplate(timeline, connection) {
  if (connection.troubled) return html`<div class="loading-before">${laterTemplate("messages.offlineBefore")}</div>`;
  return html`<div class="loading-before">${timeline.error ? failedTemplate(timeline) : rowSkeletons(3)}</div>`;
}

const laterTemplate = (key) => html`<p class="load-later" role="status">${icon("wifi-off")}<span>${t(key)}</span></p>`;

function failedTemplate(timeline) {
  return html`<p class="load-failed" role="alert">${errorText(timeline.error)}
    <button type="button" class="link-button" @click=${() => timeline.retry()}>${t("app.tryAgain")}</button></p>`;
}

function rowTemplate(row, about) {
  const { client, room } = about;
  switch (row.type) {
    case "start":
      return html`<hub-beginning .client=${client} .room=${room}></hub-beginning>`;
    case "new":
      return html`<div class="new-line" role="separator" aria-label=${t("messages.new")}>${t("messages.new")}</div>`;
    case "system":
      return html`<div class="system-row" data-key=${row.key} dir="auto">${systemText(row.message, client.people.author(row.message.author))}</div>`;
    default:
      return messageTemplate(row, about);
  }
}

/** Of the rows that stand there already, most are as they were: nothing is done for these. */
function messageTemplate({ key, message = null, entry = null, first }, { client, room, editing: edited }) {
  const replyTo = message?.reply_to ?? entry?.replyTo;
  const author = message ? client.people.author(message.author) : client.me;
  const original = replyTo ? room.originals.get(replyTo) : undefined;
  const reactions = message ? client.actions.reactions(message) : NONE;
  const saved = message !== null && !message.deleted && client.saved.has(message.id);
  const editing = message !== null && edited === message.id;
  const stalled = entry ? client.connection.troubled : false;
  // One template for both, so that a sent message keeps its element when its stored form comes.
  return guard([client, room, message, entry, author, first, original, reactions, saved, editing, stalled], () => html`<hub-message
    data-key=${key} role="article" tabindex="-1" .client=${client} .room=${room} .message=${message} .entry=${entry} .author=${author} .first=${first}
    .original=${original} .reactions=${reactions} .saved=${saved} .editing=${editing} .stalled=${stalled}></hub-message>`);
}
