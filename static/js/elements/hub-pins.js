import { html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";

import { errorText } from "../lib/errors.js";
import { t } from "../lib/i18n.js";
import { fullTime, shortTime } from "../lib/time.js";
import { watch } from "../lib/watch.js";
import { HubElement } from "./shared/element.js";
import { excerpt } from "./shared/excerpt.js";
import { icon } from "./shared/icon.js";
import { pin } from "./shared/message-commands.js";
import { mayPin } from "./shared/rights.js";

/** A room's pinned messages: a click goes to one. */
export class HubPins extends HubElement {
  static properties = {
    client: { attribute: false },
    room: { attribute: false },
  };

  #watch = watch(this);

  willUpdate() {
    const { room, client } = this;
    this.#watch.set(room, room.pins, client.people);
  }

  render() {
    const { pins } = this.room;
    return html`<h2 class="section" id="pins-heading" tabindex="-1"><span>${t("pins.heading")}</span></h2>
      ${pins.error ? html`<p class="load-failed" role="alert">${errorText(pins.error)}
        <button type="button" class="link-button" @click=${() => pins.load()}>${t("app.tryAgain")}</button></p>` : nothing}
      ${pins.loaded && !pins.list.length ? html`<p class="none">${t("pins.none")}</p>` : nothing}
      <ul aria-labelledby="pins-heading">${repeat(pins.list, (message) => message.id, (message) => html`<li class="pin">${this.#pinned(message)}</li>`)}</ul>`;
  }

  #pinned(message) {
    const { client, room } = this;
    const { name } = client.people.author(message.author);
    const when = message.created_at;
    return html`<button type="button" class="jump-to" @click=${() => this.tell("hub-show", { seq: message.seq })}>
        <span class="words" dir="auto">${excerpt(message)}</span>
        <small><span dir="auto">${name}</span> · <time datetime=${when} title=${fullTime(when)}>${shortTime(when)}</time></small>
      </button>
      ${mayPin(client, room, message) ? html`<button type="button" class="icon-button" aria-label=${t("message.unpin")} title=${t("message.unpin")}
        @click=${() => pin({ client, message }, false)}>${icon("pin-off", "small")}</button>` : nothing}`;
  }
}

customElements.define("hub-pins", HubPins);
