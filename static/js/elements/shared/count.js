import { html } from "lit";

import { t } from "../../lib/i18n.js";

/** More than this is not told apart. */
const MOST = 99;

/**
 * How many there are, as a small number at the side.
 *
 * @param {number} number
 * @param {"mentions" | "unread"} of
 * @param {string} [key] of the words for it
 */
export function count(number, of, key = `sidebar.${of}`) {
  const [shown, said] = number > MOST ? [`${MOST}+`, t(`${key}Many`, { most: MOST })] : [number, t(key, { count: number })];
  return html`<span class="count ${of === "mentions" ? "mention" : ""}" aria-hidden="true">${shown}</span><span class="visually-hidden">${said}</span>`;
}
