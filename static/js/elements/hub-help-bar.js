import { html, nothing } from "lit";

import { t } from "../lib/i18n.js";
import { watch } from "../lib/watch.js";
import { helpOf } from "../models/help.js";
import { attempt } from "./shared/attempt.js";
import { Countdown } from "./shared/countdown.js";
import { HubElement } from "./shared/element.js";
import { handOver, standing, waited } from "./shared/help-words.js";
import { icon } from "./shared/icon.js";
import { mayTake } from "./shared/rights.js";

/** Below the header of a conversation with a visitor: who has it, for how long the visitor has waited, and what can be done with it. */
export class HubHelpBar extends HubElement {
  static properties = {
    client: { attribute: false },
    room: { attribute: false },
    busy: { state: true },
  };

  #watch = watch(this);
  #asked = null;

  constructor() {
    super();
    this.busy = false;
    new Countdown(this, () => Boolean(this.#conversation?.waiting_since));
  }

  get #conversation() {
    return helpOf(this.client).about(this.room.id);
  }

  willUpdate() {
    const { client, room } = this;
    const help = helpOf(client);
    this.#watch.set(client, client.people, help);
    if (help.about(room.id)) this.#asked = null;
    else if (client.phase === "ready" && client.connection.connected && this.#asked !== room.id) {
      // Once: what is refused now is so a moment later.
      this.#asked = room.id;
      void attempt(() => help.look(room.id));
    }
  }

  render() {
    const { client, busy } = this;
    const conversation = this.#conversation;
    if (!conversation) return nothing;
    const help = helpOf(client);
    const { room } = conversation;
    const waiting = waited(conversation, client);
    return html`<div class="help-bar" role="group" aria-label=${t("help.conversation")}>
      <p class="standing"><span dir="auto">${standing(conversation, client)}</span>${waiting ? html`<span class="waited">${icon("clock", "small")}${t("help.waits", { time: waiting })}</span>` : nothing}</p>
      <div class="acts">
        ${mayTake(client.me, conversation) ? html`<button type="button" class="button small" ?disabled=${busy} @click=${() => this.#do(() => help.take(room))}>${t("help.take")}</button>` : nothing}
        <button type="button" class="button quiet small" aria-haspopup="menu" aria-expanded="false" ?disabled=${busy} @click=${(event) => handOver(client, conversation, event.currentTarget)}>${t("help.handOver")}${icon("chevron-down", "small")}</button>
        <button type="button" class="button quiet small" ?disabled=${busy} @click=${() => this.#do(() => help.resolve(room))}>${icon("check", "small")}${t("help.resolve")}</button>
      </div>
    </div>`;
  }

  async #do(work) {
    this.busy = true;
    await attempt(work);
    this.busy = false;
  }
}

customElements.define("hub-help-bar", HubHelpBar);
