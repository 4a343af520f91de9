import { html, nothing } from "lit";

import { t } from "../lib/i18n.js";
import { HubElement } from "./shared/element.js";
import { icon } from "./shared/icon.js";
import { rich } from "./shared/words.js";

/** What is being answered, above the field. Tells `hub-reply-dropped`. */
export class HubReplyBanner extends HubElement {
  static properties = {
    client: { attribute: false },
    reply: { attribute: false },
    deleted: { attribute: false },
  };

  render() {
    const { reply, client, deleted } = this;
    if (!reply) return nothing;
    const { name } = client.people.author(reply.author);
    return html`<div class="replying">
      ${icon("reply", "small")}
      <span class="words"><span class="to">${rich("reply.to", "name", html`<b dir="auto">${name}</b>`)}</span>
        <span class="said" dir="auto">${deleted ? t("messages.deleted") : reply.text}</span></span>
      <button type="button" class="icon-button" aria-label=${t("reply.drop")} title=${t("reply.drop")} @click=${() => this.tell("hub-reply-dropped")}>${icon("x")}</button>
    </div>`;
  }
}

customElements.define("hub-reply-banner", HubReplyBanner);
