import { html, nothing } from "lit";

import { errorText } from "../lib/errors.js";
import { t } from "../lib/i18n.js";
import { countCharacters } from "../lib/text.js";
import { HubElement } from "./shared/element.js";
import { remove } from "./shared/message-commands.js";

const GROWS_BY_ITSELF = CSS.supports("field-sizing", "content");
const touch = matchMedia("(hover: none) and (pointer: coarse)");
/** What was typed, by message: a row may leave the page and come back while it is edited. */
const texts = new Map();

/** A message's text as a field. Tells `hub-edit-done` when it is saved or given up. */
export class HubMessageEdit extends HubElement {
  static properties = {
    client: { attribute: false },
    message: { attribute: false },
    busy: { state: true },
    error: { state: true },
    over: { state: true },
  };

  constructor() {
    super();
    this.busy = false;
    this.error = null;
    this.over = 0;
  }

  render() {
    const { over, error } = this;
    const wrong = over > 0 ? t("composer.over", { count: over }) : error ? t("message.notSaved", { reason: errorText(error) }) : "";
    return html`<form class="edit" @submit=${this.#onSubmit}>
      <textarea rows="1" dir="auto" aria-label=${t("message.editLabel")} aria-invalid=${over > 0 ? "true" : nothing} aria-describedby="edit-error"
        ?readonly=${this.busy} @input=${this.#onInput} @keydown=${this.#onKey}></textarea>
      <p class="error" id="edit-error" role="alert">${wrong}</p>
      <div class="buttons">
        <span class="hint" aria-hidden="true">${touch.matches ? nothing : t("message.editHint")}</span>
        <button type="button" class="button quiet small" @click=${this.#cancel}>${t("app.cancel")}</button>
        <button class="button small" ?disabled=${this.busy || over > 0}>${t("app.save")}</button>
      </div>
    </form>`;
  }

  firstUpdated() {
    const field = this.#field;
    field.value = texts.get(this.message.id) ?? this.message.text;
    this.#measure();
    field.focus({ preventScroll: true });
    field.setSelectionRange(field.value.length, field.value.length);
    this.scrollIntoView({ block: "nearest" });
  }

  get #field() {
    return this.querySelector("textarea");
  }

  #onInput() {
    texts.set(this.message.id, this.#field.value);
    this.error = null;
    this.#measure();
  }

  #measure() {
    this.over = countCharacters(this.#field.value) - this.client.limits.text;
    if (GROWS_BY_ITSELF) return;
    this.#field.style.blockSize = "auto";
    this.#field.style.blockSize = `${this.#field.scrollHeight}px`;
  }

  #onKey(event) {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "Escape") {
      event.preventDefault();
      this.#cancel();
    } else if (event.key === "Enter" && !event.shiftKey && !event.altKey && (!touch.matches || event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.#save();
    }
  }

  #onSubmit(event) {
    event.preventDefault();
    this.#save();
  }

  async #save() {
    const { client, message } = this;
    const text = this.#field.value;
    if (this.busy || this.over > 0) return;
    if (!text.trim() && !message.files.length) {
      if (await remove({ client, message })) this.#done();
      else this.#field.focus();
      return;
    }
    if (text === message.text) return this.#done();
    this.busy = true;
    try {
      await client.actions.edit(message, text);
      this.#done();
    } catch (error) {
      this.error = error;
    }
    this.busy = false;
  }

  #cancel() {
    this.#done();
  }

  #done() {
    texts.delete(this.message.id);
    this.tell("hub-edit-done", { message: this.message });
  }
}

customElements.define("hub-message-edit", HubMessageEdit);
