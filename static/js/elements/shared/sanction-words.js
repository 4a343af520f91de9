import { html, nothing } from "lit";

import { aheadText } from "../../lib/ahead.js";
import { t } from "../../lib/i18n.js";
import { fullTime } from "../../lib/time.js";
import { icon } from "./icon.js";
import { rich } from "./words.js";

/** "until tomorrow, 09:00", "until it is lifted" */
export const endText = ({ until }) => (until === null ? t("sanction.open") : t("sanction.until", { time: aheadText(until) }));

/** The same in a sentence at its `{end}`, with the whole time where one points at it. */
export function withEnd(key, sanction, params = {}) {
  const { until } = sanction;
  return rich(key, "end", until === null ? endText(sanction) : html`<time datetime=${until} title=${fullTime(until)}>${endText(sanction)}</time>`, params);
}

/** Of somebody in a room: that they are muted or banned, and until when. */
export const sanctionLines = ({ mute, ban }) => [mute, ban].filter(Boolean).map((one) => html`<p class="sanction">${icon(one.kind === "mute" ? "message-square-off" : "ban", "small")}<span>${withEnd(`sanction.${one.kind}`, one)}</span></p>`);

/** What was given as the reason, in the words of who decided it. */
export const reasonText = ({ reason }) => (reason ? html`<blockquote dir="auto">${reason}</blockquote>` : nothing);
