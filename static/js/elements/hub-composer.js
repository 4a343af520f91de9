import { html, nothing } from "lit";

import { t } from "../lib/i18n.js";
import { countCharacters } from "../lib/text.js";
import { watch } from "../lib/watch.js";
import { HubElement } from "./shared/element.js";
import { icon } from "./shared/icon.js";
import { roomLabel } from "./shared/words.js";
import "./hub-typing.js";

const NEAR_THE_LIMIT = 500;
const GROWS_BY_ITSELF = CSS.supports("field-sizing", "content");
const touch = matchMedia("(hover: none) and (pointer: coarse)");

/** The field for writing. It takes text whatever the connection does: the outbox keeps it. */
export class HubComposer extends HubElement {
  static properties = {
    client: { attribute: false },
    room: { attribute: false },
    length: { state: true },
    filled: { state: true },
  };

  #watch = watch(this);
  #stopDrafts = null;

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#stopDrafts?.();
    this.#stopDrafts = null;
  }

  willUpdate() {
    this.#stopDrafts ??= this.client.drafts.on("elsewhere", (room) => this.#draftedElsewhere(room));
    this.#watch.set(this.room);
  }

  render() {
    const { room, client } = this;
    if (room.archived) return html`<p class="joinbar">${t("composer.archived")}</p>`;
    const label = t("composer.label", { room: roomLabel(room) });
    const left = client.limits.text - this.length;
    const over = left < 0;
    return html`<form @submit=${this.#onSubmit}>
        <div class="field">
          <textarea rows="1" dir="auto" aria-label=${label} placeholder=${label} enterkeyhint=${touch.matches ? "enter" : "send"} autocapitalize="sentences"
            aria-invalid=${over ? "true" : nothing} aria-describedby="composer-counter"
            @input=${this.#onInput} @keydown=${this.#onKey} @blur=${() => client.typing.stop(room.id)}></textarea>
          <span class="counter ${over ? "over" : ""}" id="composer-counter" role="status">${left <= NEAR_THE_LIMIT ? this.#counter(left) : nothing}</span>
          ${left <= NEAR_THE_LIMIT ? nothing : html`<span class="hint" aria-hidden="true">${this.filled ? t("composer.hint") : ""}</span>`}
          <button class="send ${this.filled && !over ? "ready" : ""}" aria-label=${t("composer.send")} title=${t("composer.send")}
            @pointerdown=${(event) => event.preventDefault()}>${icon("arrow-up")}</button>
        </div>
      </form>
      <hub-typing .client=${client} .room=${room}></hub-typing>`;
  }

  updated(changed) {
    if (!changed.has("room") || !this.#field) return;
    const before = changed.get("room");
    if (before) this.client.typing.stop(before.id);
    this.#field.value = this.client.drafts.get(this.room.id);
    this.#measure();
  }

  get #field() {
    return this.querySelector("textarea");
  }

  /** Another tab has changed the draft, and nothing was typed here since. */
  #draftedElsewhere(room) {
    if (room !== this.room.id || !this.#field) return;
    this.#field.value = this.client.drafts.get(room);
    this.#measure();
  }

  #counter(left) {
    return left < 0 ? t("composer.over", { count: -left }) : t("composer.left", { count: left });
  }

  #measure() {
    const { value } = this.#field;
    this.filled = value.trim() !== "";
    // Counting is exact only near the limit, where it is needed.
    this.length = value.length > this.client.limits.text - 2 * NEAR_THE_LIMIT ? countCharacters(value) : value.length;
    if (GROWS_BY_ITSELF) return;
    this.#field.style.blockSize = "auto";
    this.#field.style.blockSize = `${this.#field.scrollHeight}px`;
  }

  #onInput() {
    const { value } = this.#field;
    this.client.drafts.set(this.room.id, value);
    this.client.typing.input(this.room.id, value);
    this.#measure();
  }

  #onKey(event) {
    // While an input method composes, Enter chooses a candidate; Safari says so by 229 alone.
    if (event.key !== "Enter" || event.isComposing || event.keyCode === 229) return;
    if (event.shiftKey || event.altKey || (touch.matches && !event.ctrlKey && !event.metaKey)) return;
    event.preventDefault();
    this.#send();
  }

  #onSubmit(event) {
    event.preventDefault();
    this.#send();
    this.#field.focus();
  }

  #send() {
    const text = this.#field.value;
    if (!text.trim() || countCharacters(text) > this.client.limits.text) return;
    this.client.send(this.room, text);
    this.#field.value = "";
    this.#measure();
    this.tell("hub-sent");
  }

  constructor() {
    super();
    this.length = 0;
    this.filled = false;
  }
}

customElements.define("hub-composer", HubComposer);
