import { html } from "lit";

import { t } from "../lib/i18n.js";
import { HubElement } from "./shared/element.js";
import { icon } from "./shared/icon.js";
import { toast } from "./hub-toast.js";

/** In the field for writing to a visitor: whether what is written is for agents alone. */
export class HubNoteSwitch extends HubElement {
  static properties = {
    client: { attribute: false },
    room: { attribute: false },
  };

  render() {
    const on = this.client.drafts.note(this.room.id);
    return html`<button type="button" class="note-switch" aria-pressed=${on ? "true" : "false"} title=${t("composer.noteText")}
      @pointerdown=${(event) => event.preventDefault()} @click=${this.#turn}>${icon("lock", "small")}<span>${t("composer.note")}</span></button>`;
  }

  #turn() {
    const { client, room } = this;
    const on = !client.drafts.note(room.id);
    if (on && client.attachments.list(room.id).length) {
      toast({ text: t("composer.noteFilesFirst") });
      return;
    }
    client.drafts.setNote(room.id, on);
    client.typing.stop(room.id);
    this.requestUpdate();
  }
}

customElements.define("hub-note-switch", HubNoteSwitch);
