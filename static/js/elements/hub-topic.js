import { html, nothing } from "lit";

import { errorText } from "../lib/errors.js";
import { t } from "../lib/i18n.js";
import { watch } from "../lib/watch.js";
import { FrameElement } from "./shared/element.js";
import { mayTopic } from "./shared/rights.js";

/** What a room is about; a click makes a field of it for who may say so. */
export class HubTopic extends FrameElement {
  static properties = {
    client: { attribute: false },
    room: { attribute: false },
    editing: { state: true },
    error: { state: true },
    busy: { state: true },
  };

  #watch = watch(this);

  constructor() {
    super();
    this.editing = false;
    this.error = null;
    this.busy = false;
  }

  willUpdate(changed) {
    this.#watch.set(this.room, this.client);
    if (changed.has("room")) this.editing = false;
  }

  render() {
    const { room, client } = this;
    if (this.editing) return this.#field();
    if (!mayTopic(client, room)) return html`<span class="topic-text" dir="auto" title=${room.topic}>${room.topic}</span>`;
    return html`<button type="button" class="topic-text ${room.topic ? "" : "none"}" title=${room.topic ? t("topic.edit") : nothing} @click=${this.#edit}>
      <span dir="auto">${room.topic || t("topic.add")}</span>${room.topic ? html`<span class="visually-hidden">${t("topic.edit")}</span>` : nothing}
    </button>`;
  }

  #field() {
    const invalid = this.error ? "true" : nothing;
    return html`<form class="topic-form" @submit=${this.#onSubmit}>
      <input class="input" type="text" dir="auto" autocomplete="off" maxlength=${this.client.limits.topic} aria-label=${t("topic.label")} placeholder=${t("newRoom.topicPlaceholder")}
        aria-invalid=${invalid} aria-describedby=${`${this.id}-error`} ?readonly=${this.busy} @keydown=${this.#onKey} @blur=${this.#onBlur}>
      <p class="error" role="alert" id=${`${this.id}-error`} ?hidden=${!this.error}>${this.error ? errorText(this.error) : nothing}</p>
    </form>`;
  }

  async #edit() {
    this.editing = true;
    this.error = null;
    await this.updateComplete;
    const field = this.querySelector("input");
    field.value = this.room.topic;
    field.focus();
    field.select();
  }

  #onKey(event) {
    if (event.key !== "Escape" || event.isComposing) return;
    event.preventDefault();
    this.#done();
  }

  /** Who goes elsewhere without having changed anything is done; what was typed is not thrown away. */
  #onBlur(event) {
    if (this.editing && !this.busy && event.target.value.trim() === this.room.topic) this.editing = false;
  }

  async #onSubmit(event) {
    event.preventDefault();
    const { room } = this;
    const topic = this.querySelector("input").value.trim();
    if (topic === room.topic) return this.#done();
    if (this.busy) return;
    this.busy = true;
    try {
      await this.client.roomActions.update(room.id, { topic });
      if (room === this.room) this.#done();
    } catch (error) {
      this.error = error;
    }
    this.busy = false;
  }

  async #done() {
    this.editing = false;
    await this.updateComplete;
    this.querySelector("button")?.focus();
  }
}

customElements.define("hub-topic", HubTopic);
