import { html, nothing } from "lit";
import { unsafeHTML } from "lit/directives/unsafe-html.js";

import { errorText } from "../lib/errors.js";
import { t } from "../lib/i18n.js";
import { emojiOf, emojiOnly } from "../lib/text.js";
import { clockTime, fullTime } from "../lib/time.js";
import { avatar } from "./shared/avatar.js";
import { copyText, dressText } from "./shared/code.js";
import { HubElement } from "./shared/element.js";
import { icon } from "./shared/icon.js";

const sameAuthor = (a, b) => a.id !== b?.id || a.name !== b.name;

/** One row: a stored message, or an entry of the outbox on its way. Both are replaced by new objects when they change. */
export class HubMessage extends HubElement {
  static properties = {
    client: { attribute: false },
    message: { attribute: false },
    entry: { attribute: false },
    author: { attribute: false, hasChanged: sameAuthor },
    first: { attribute: false },
    stalled: { attribute: false },
    active: { state: true },
  };

  constructor() {
    super();
    this.active = false;
    const sense = () => {
      this.active = this.matches(":hover, :focus-within");
    };
    for (const type of ["pointerenter", "pointerleave", "focusin", "focusout"]) this.addEventListener(type, () => queueMicrotask(sense));
  }

  willUpdate() {
    const { message, entry, client } = this;
    const state = entry?.state;
    this.classList.toggle("first", this.first);
    this.classList.toggle("pending", ["queued", "sending", "waiting"].includes(state));
    this.classList.toggle("failed", state === "failed");
    this.classList.toggle("mentions-me", Boolean(message?.mentions.includes(client.me.id)));
  }

  render() {
    const { message, entry, author } = this;
    const when = message?.created_at ?? entry.createdAt;
    const time = html`<time datetime=${when} title=${fullTime(when)}>${clockTime(when)}</time>`;
    return html`
      ${this.first ? avatar(author) : time}
      <div class="column">
        ${this.first
          ? html`<div class="by"><b dir="auto">${author.name}</b>${time}</div>`
          : html`<span class="visually-hidden">${author.name}</span>`}
        ${message ? this.#stored() : this.#onItsWay()}
      </div>
      ${this.active && message && !message.deleted ? this.#tools() : nothing}
    `;
  }

  updated() {
    if (this.message) dressText(this);
  }

  #stored() {
    const { message } = this;
    if (message.deleted) return html`<div class="body note">${t("messages.deleted")}</div>`;
    const emoji = emojiOf(message);
    if (emoji) return html`<div class="body big">${emoji}</div>`;
    return html`<div class="body" dir="auto">${unsafeHTML(message.html)}</div>`;
  }

  #onItsWay() {
    const { entry } = this;
    return html`<div class="body ${emojiOnly(entry.text) ? "big" : "plain"}" dir="auto">${entry.text}</div>
      ${entry.state === "failed" ? this.#failed() : this.#note()}`;
  }

  #note() {
    const { state } = this.entry;
    if (state === "waiting") return html`<small class="note">${t("messages.waitingServer")}</small>`;
    return this.stalled && state === "queued" ? html`<small class="note">${t("messages.waiting")}</small>` : nothing;
  }

  #failed() {
    const { entry, client } = this;
    return html`<div class="fail" role="alert">
      <span>${t("messages.failed", { reason: errorText(entry.error) })}</span>
      <button type="button" @click=${() => client.outbox.retry(entry.cid)}>${t("app.tryAgain")}</button>
      <button type="button" @click=${() => client.outbox.discard(entry.cid)}>${t("app.delete")}</button>
    </div>`;
  }

  #tools() {
    return html`<div class="tools">
      <button type="button" class="icon-button" aria-label=${t("messages.copy")} title=${t("messages.copy")} @click=${this.#copy}>${icon("copy")}</button>
    </div>`;
  }

  #copy() {
    copyText(this.message.text);
  }
}

customElements.define("hub-message", HubMessage);
