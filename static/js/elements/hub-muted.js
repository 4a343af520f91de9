import { html, nothing } from "lit";

import { t } from "../lib/i18n.js";
import { watch } from "../lib/watch.js";
import { HubElement } from "./shared/element.js";
import { icon } from "./shared/icon.js";
import { reasonText, withEnd } from "./shared/sanction-words.js";
import { roomLabel } from "./shared/words.js";

/** In the place of the field, for whoever may only read: until when, why, and who decided it. */
export class HubMuted extends HubElement {
  static properties = {
    client: { attribute: false },
    room: { attribute: false },
  };

  #watch = watch(this);

  willUpdate() {
    this.#watch.set(this.client.sanctions);
  }

  render() {
    const { client, room } = this;
    const mute = client.sanctions.muteIn(room.id);
    if (!mute) return nothing;
    const where = mute.room === null ? "server" : "room";
    return html`<div class="muted" role="status">
      ${icon("message-square-off")}
      <div>
        <p><b>${withEnd(`muted.${where}`, mute, { room: roomLabel(room) })}</b></p>
        ${reasonText(mute)}
        <p class="by">${t(`muted.by.${where}`)} ${t("muted.meanwhile")}</p>
      </div>
    </div>`;
  }
}

customElements.define("hub-muted", HubMuted);
