import { html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";

import { t } from "../lib/i18n.js";
import { byName } from "../lib/order.js";
import { watch } from "../lib/watch.js";
import { avatar } from "./shared/avatar.js";
import { HubElement } from "./shared/element.js";
import { icon } from "./shared/icon.js";

const PAUSE = 150;

/** Nobody has asked for those who are offered, so Enter takes one of them only after an arrow. */
const NOBODY = -1;
const MOST_OFFERED = 20;
const KNOWN = 200;

/**
 * Finds people by name and gathers those chosen in `value`, at most `most`. `exclude` holds ids that are not offered. With
 * `offers`, those whom I talk with and others that this page knows stand there before anything is typed. Tells `hub-picked` when
 * `value` has changed.
 */
export class HubPeoplePicker extends HubElement {
  static properties = {
    client: { attribute: false },
    exclude: { attribute: false },
    value: { attribute: false },
    label: { attribute: false },
    hint: { attribute: false },
    most: { attribute: false },
    offers: { attribute: false },
    found: { state: true },
    picked: { state: true },
  };

  #watch = watch(this);
  #timer = null;
  #asked = "";

  constructor() {
    super();
    this.exclude = new Set();
    this.value = [];
    this.most = 100;
    this.found = null;
    this.picked = NOBODY;
    this.offers = false;
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  /** Drawn after the dialog around it, which so finds nothing in it to give the focus to. */
  firstUpdated() {
    if (this.hasAttribute("autofocus")) this.querySelector("input").focus();
  }

  willUpdate() {
    this.#watch.set(this.offers && this.client.people);
  }

  render() {
    const found = this.#listed();
    const open = found !== null;
    return html`<div class="picker field-row">
      <label for="people-field">${this.label}</label>
      ${this.value.length ? html`<ul class="chips">${repeat(this.value, (user) => user.id, (user) => html`<li><button type="button" class="chip" title=${t("picker.drop")}
        @click=${() => this.#drop(user)}>${avatar(user, "small")}<span class="name" dir="auto">${user.name}</span><span class="visually-hidden">${t("picker.drop")}</span>${icon("x")}</button></li>`)}</ul>` : nothing}
      <input id="people-field" type="text" role="combobox" autocomplete="off" spellcheck="false" aria-expanded=${open ? "true" : "false"} aria-controls="people-found"
        aria-autocomplete="list" aria-activedescendant=${open && found[this.picked] ? `person-${found[this.picked].id}` : nothing} aria-describedby="people-hint"
        placeholder=${t(this.#full ? "picker.full" : "picker.placeholder")} ?readonly=${this.#full} @input=${this.#onInput} @keydown=${(event) => this.#onKey(event, found)}>
      <p class="hint" id="people-hint">${this.hint}</p>
      <ul class="found" id="people-found" role="listbox" aria-label=${this.label} ?hidden=${!found?.length} @pointerdown=${(event) => event.preventDefault()}>
        ${found?.map((user, index) => this.#option(user, index))}
      </ul>
      <p class="none" role="status" ?hidden=${!open || found.length > 0}>${open && !found.length ? t("picker.nobody") : ""}</p>
    </div>`;
  }

  updated() {
    this.querySelector(".found .picked")?.scrollIntoView({ block: "nearest" });
  }

  /** What stands under the field; null for nothing. */
  #listed() {
    if (this.found) return this.found.filter(this.#isFree);
    const offered = this.offers && !this.#full ? this.#offered() : [];
    return offered.length ? offered : null;
  }

  #isFree = (user) => !this.exclude.has(user.id) && !this.value.some((one) => one.id === user.id);

  /** Those whom I talk with, whom I talked with last first; then others by name. */
  #offered() {
    const { people, finder, me } = this.client;
    const near = finder.companions;
    const rest = people.known(KNOWN).sort((a, b) => byName(a.name, b.name)).map((user) => user.id);
    const ids = new Set([...near, ...rest].filter((id) => id !== me.id));
    return [...ids].map((id) => people.get(id)).filter((user) => !user.unknown && this.#isFree(user)).slice(0, MOST_OFFERED);
  }

  get #full() {
    return this.value.length >= this.most;
  }

  #option(user, index) {
    const picked = index === this.picked;
    return html`<li id="person-${user.id}" role="option" aria-selected=${picked ? "true" : "false"} class=${picked ? "picked" : ""} @click=${() => this.#choose(user)}>
      ${avatar(user, "small")}<span dir="auto">${user.name}</span><small>@${user.username}</small>
    </li>`;
  }

  #onInput(event) {
    const query = event.target.value.trim();
    this.#asked = query;
    clearTimeout(this.#timer);
    if (!query) this.#empty();
    else this.#timer = setTimeout(() => this.#find(query), PAUSE);
  }

  async #find(query) {
    let found;
    try {
      found = await this.client.people.find(query, 20);
    } catch {
      found = [];
    }
    if (query !== this.#asked) return;
    this.found = found;
    this.picked = 0;
  }

  #onKey(event, found) {
    if (event.isComposing || event.keyCode === 229) return;
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps && found?.length) {
      const from = this.picked === NOBODY && event.key === "ArrowUp" ? 0 : this.picked;
      this.picked = (from + steps[event.key] + found.length) % found.length;
    } else if (event.key === "Enter" && (found?.[this.picked] || event.target.value)) {
      if (found?.[this.picked]) this.#choose(found[this.picked]);
    } else if (event.key === "Backspace" && !event.target.value && this.value.length) this.#drop(this.value.at(-1));
    else if (event.key === "Escape" && event.target.value) this.#clear();
    else return;
    event.preventDefault();
  }

  #choose(user) {
    this.value = [...this.value, user];
    this.#clear();
    this.tell("hub-picked", this.value);
  }

  #drop(user) {
    this.value = this.value.filter((one) => one.id !== user.id);
    this.tell("hub-picked", this.value);
    this.querySelector("input").focus();
  }

  #clear() {
    const field = this.querySelector("input");
    field.value = "";
    field.focus();
    this.#empty();
  }

  #empty() {
    this.#asked = "";
    this.found = null;
    this.picked = NOBODY;
  }
}

customElements.define("hub-people-picker", HubPeoplePicker);
