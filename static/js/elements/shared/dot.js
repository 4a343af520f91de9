import { html } from "lit";

import { t } from "../../lib/i18n.js";

const CLASSES = { online: "", away: "away", dnd: "dnd", offline: "off" };

/** A presence dot with its meaning in words. */
export const presenceDot = (status) =>
  html`<span class="dot ${CLASSES[status]}" role="img" aria-label=${t(`presence.${status}`)} title=${t(`presence.${status}`)}></span>`;
