import { html, nothing } from "lit";

import { t } from "../../lib/i18n.js";
import { attempt } from "./attempt.js";
import { icon } from "./icon.js";
import { mayDelete } from "./rights.js";

/** What the pages say of themselves that a message links to. A picture has its space before it is there. */
export function previews({ client, room, message }) {
  // What an earlier build has kept has none.
  if (!message?.previews?.length) return nothing;
  const may = mayDelete(client.me, room, message);
  return html`<div class="previews">${message.previews.map((one) => html`<div class="preview">
    <a class="page" href=${one.url} target="_blank" rel="noopener noreferrer nofollow">
      <span class="what">
        <small class="site" dir="auto">${siteOf(one)}</small>
        <span class="title" dir="auto">${one.title}</span>
        ${one.text ? html`<span class="about" dir="auto">${one.text}</span>` : nothing}
      </span>
      ${one.picture ? html`<img src=${one.picture} alt="" loading="lazy" decoding="async" draggable="false" @error=${(event) => event.target.classList.add("broken")}>` : nothing}
    </a>
    ${may ? removal(one, () => attempt(() => client.actions.removePreview(message, one.url))) : nothing}
  </div>`)}</div>`;
}

function removal({ title }, run) {
  const label = t("preview.remove", { title });
  return html`<button type="button" class="icon-button" aria-label=${label} title=${label} @click=${run}>${icon("x", "small")}</button>`;
}

/** Where the link leads, before what the page calls itself: anybody may call theirs anything. */
function siteOf({ url, site }) {
  const host = url.split(/[/?]/)[2].replace(/^www\./, "");
  return !site || site.toLowerCase() === host ? host : `${host} · ${site}`;
}
