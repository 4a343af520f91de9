import { html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";

import { errorText } from "../lib/errors.js";
import { filesText } from "../lib/files.js";
import { t } from "../lib/i18n.js";
import { dayKey } from "../lib/time.js";
import { watch } from "../lib/watch.js";
import { everywhere, isIdle, isUnfinished, problemOf } from "../models/search.js";
import { HubElement } from "./shared/element.js";
import { icon } from "./shared/icon.js";
import { linkFor } from "./shared/link-keys.js";
import { messageLink } from "./shared/message-link.js";
import { rowSkeletons } from "./shared/skeleton.js";
import { roomLabel } from "./shared/words.js";

const PAUSE = 350;
const AHEAD = 400;
const LONGEST = 200;

/** What can stand in a search beside words, and what a button puts there; the part to be replaced is selected. */
const OPERATORS = [
  { name: "from", label: "from:", insert: "from:" },
  { name: "in", label: "in:", insert: "in:#" },
  { name: "file", label: "has:file", insert: "has:file " },
  { name: "link", label: "has:link", insert: "has:link " },
  { name: "before", label: "before:", insert: () => `before:${dayKey(new Date())}`, select: 10 },
  { name: "after", label: "after:", insert: () => `after:${dayKey(new Date())}`, select: 10 },
  { name: "phrase", label: '"…"', insert: '""', back: 1 },
];

/** The panel that finds messages. `start` is how it was opened: {query} for all rooms, else {room} to search that one. */
export class HubSearch extends HubElement {
  static properties = {
    client: { attribute: false },
    start: { attribute: false },
    typed: { state: true },
    room: { state: true },
  };

  #watch = watch(this);
  #timer = null;
  #covering = matchMedia("(width < 900px)");

  constructor() {
    super();
    this.typed = "";
    this.room = null;
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  willUpdate(changed) {
    const { client } = this;
    const { search, connection } = client;
    this.#watch.set(search, connection, client.people, client.rooms);
    // Where it covers the conversation it is the page's main part.
    this.setAttribute("role", this.#covering.matches ? "main" : "complementary");
    this.setAttribute("aria-label", t("search.heading"));
    if (changed.has("start")) this.#begin();
    if (connection.connected && search.error?.code === "disconnected") search.retry();
  }

  updated(changed) {
    if (!changed.has("start")) return;
    this.#field.focus();
    if (this.start.query !== undefined || this.client.search.hits) this.#field.select();
    else this.#field.setSelectionRange(this.typed.length, this.typed.length);
    this.querySelector(".hit.seen")?.scrollIntoView({ block: "nearest" });
  }

  render() {
    const { client } = this;
    const { search } = client;
    const invalid = search.error?.field === "query";
    const heading = t("search.heading");
    return html`
      <div class="top">
        ${this.#covering.matches ? html`<h1>${heading}</h1>` : html`<h2>${heading}</h2>`}
        <button type="button" class="icon-button close" aria-label=${t("app.close")} title=${t("app.close")} @click=${() => this.tell("hub-search", { open: false })}>${icon("x")}</button>
      </div>
      <form role="search" @submit=${this.#onSubmit}>
        <div class="search-field">
          ${icon("search")}
          <input class="input" type="search" autocomplete="off" spellcheck="false" enterkeyhint="search" maxlength=${LONGEST} dir="auto" aria-label=${heading} placeholder=${t("search.placeholder")}
            aria-invalid=${invalid ? "true" : nothing} aria-describedby="search-error" .value=${this.typed} @input=${this.#onInput} @compositionend=${this.#onInput} @keydown=${this.#onFieldKey}>
        </div>
        ${this.room ? html`<button type="button" class="chip" title=${t("search.everywhere")} @click=${this.#everywhere}>${t("search.inThis", { room: roomLabel(this.room) })}${icon("x")}</button>` : nothing}
        <p class="error" id="search-error" role="alert" ?hidden=${!invalid}>${invalid ? t(`search.wrong.${problemOf(search.query)}`) : nothing}</p>
      </form>
      <div class="scroll" tabindex="-1" aria-busy=${search.loading ? "true" : "false"} @scroll=${this.#onScroll}>${this.#content()}</div>
      <p class="visually-hidden" role="status">${this.#words()}</p>`;
  }

  get #field() {
    return this.querySelector("input");
  }

  /** Who still goes through what was found finds it as it was; else the search begins anew. */
  #begin() {
    const { client, start } = this;
    const { search } = client;
    const following = search.hits?.some((hit) => hit.message.id === search.seen && hit.message.room === client.current?.id);
    if (start.query === undefined && following) {
      this.typed = search.query;
      this.room = search.room ? client.rooms.get(search.room) ?? null : null;
      return;
    }
    const direct = start.room?.kind === "direct";
    this.room = direct ? start.room : null;
    this.typed = start.query ?? (start.room && !direct ? `in:#${start.room.name} ` : "");
    if (start.query) this.#meant();
    else this.#ask();
  }

  #content() {
    const { search } = this.client;
    if (search.error && search.error.field !== "query" && !search.hits) return this.#failed(search.error);
    if (search.hits?.length) return this.#found();
    if (search.loading) return rowSkeletons(6);
    return search.hits ? this.#nothing() : this.#help();
  }

  #words() {
    const { search } = this.client;
    if (search.loading) return t("search.searching");
    if (!search.hits) return "";
    return search.next ? t("search.manyFound") : t("search.found", { count: search.hits.length });
  }

  #found() {
    const { search } = this.client;
    return html`<div class="operators" role="group" aria-label=${t("search.narrow")}>${OPERATORS.map((operator) => this.#operator(operator))}</div>
      <ol class="hits" @keydown=${this.#onListKey}>${repeat(search.hits, (hit) => hit.message.id, (hit) => html`<li>${this.#hit(hit)}</li>`)}</ol>
      ${search.error ? this.#failed(search.error) : search.next
        ? html`<div class="more"><button type="button" class="button quiet small" ?disabled=${search.loading} @click=${() => search.more()}>${t("app.more")}</button></div>`
        : nothing}`;
  }

  #hit(hit) {
    const { client } = this;
    const { message, excerpt } = hit;
    const words = html`${excerpt.map((part, index) => (index % 2 ? html`<mark>${part}</mark>` : part))}${excerpt.length || !message.files.length ? nothing : filesText(message.files)}`;
    return messageLink(client, message, { words, seen: client.search.seen === message.id, open: (event) => this.#open(event, hit) });
  }

  #nothing() {
    const narrow = this.room || everywhere(this.typed) !== this.typed.trim();
    return html`<div class="empty-search">
      ${icon("search-x")}
      <p>${t("search.nothing", { query: this.client.search.query })}</p>
      ${narrow ? html`<button type="button" class="button quiet small" @click=${this.#everywhere}>${t("search.everywhere")}</button>` : html`<p class="hint">${t("search.nothingHint")}</p>`}
    </div>`;
  }

  #failed(error) {
    const { search } = this.client;
    const offline = error.code === "disconnected";
    return html`<div class="empty-search" role="alert">
      ${icon(offline ? "wifi-off" : "triangle-alert")}
      <p>${offline ? t("search.offline") : errorText(error)}</p>
      ${offline || error.retryAfter ? nothing : html`<button type="button" class="button quiet small" @click=${() => search.retry()}>${t("app.tryAgain")}</button>`}
    </div>`;
  }

  #help() {
    const { search } = this.client;
    const { recent } = search;
    return html`
      ${recent.length ? html`<section aria-labelledby="search-recent">
        <h3 class="section"><span id="search-recent">${t("search.recent")}</span><button type="button" class="link-button" @click=${this.#forget}>${t("search.forget")}</button></h3>
        <ul class="recent">${recent.map((query) => html`<li><button type="button" @click=${() => this.#again(query)}>${icon("history")}<span dir="auto">${query}</span></button></li>`)}</ul>
      </section>` : nothing}
      <section aria-labelledby="search-help">
        <h3 class="section"><span id="search-help">${t("search.narrow")}</span></h3>
        <ul class="help">${OPERATORS.map((operator) => html`<li>${this.#operator(operator)}<span>${t(`search.help.${operator.name}`)}</span></li>`)}</ul>
      </section>`;
  }

  #operator(operator) {
    const help = t(`search.help.${operator.name}`);
    return html`<button type="button" class="operator" title=${help} @click=${() => this.#insert(operator)}><code>${operator.label}</code><span class="visually-hidden">${help}</span></button>`;
  }

  #onInput(event) {
    if (event.isComposing) return;
    this.typed = event.target.value;
    clearTimeout(this.#timer);
    if (isIdle(this.typed)) this.#ask();
    else if (!isUnfinished(this.typed)) this.#timer = setTimeout(() => this.#ask(), PAUSE);
  }

  async #ask() {
    clearTimeout(this.#timer);
    const { search } = this.client;
    if (this.typed.trim() === search.query && (this.room?.id ?? null) === search.room && search.hits && !search.error) return;
    await search.ask(this.typed, { room: this.room?.id ?? null });
  }

  /** Not every letter on the way to a word is worth remembering, and nothing that the server could not make sense of. */
  async #meant() {
    const { search } = this.client;
    const { typed } = this;
    await this.#ask();
    if (!search.error && search.query === typed.trim()) search.remember();
  }

  #onSubmit(event) {
    event.preventDefault();
    this.#meant();
    // The soft keyboard lies over what was found.
    if (matchMedia("(hover: none)").matches) this.#field.blur();
  }

  #onFieldKey(event) {
    if (event.key !== "ArrowDown" || event.isComposing) return;
    const target = this.querySelector(".hit.seen") ?? this.querySelector(".hit");
    if (!target) return;
    event.preventDefault();
    target.focus();
  }

  #onListKey(event) {
    const hits = [...this.querySelectorAll(".hit")];
    const target = linkFor(event, hits, this.#field);
    if (!target) return;
    event.preventDefault();
    target.focus();
    if (hits.indexOf(target) >= hits.length - 3) this.client.search.more();
  }

  #onScroll(event) {
    const list = event.currentTarget;
    const { search } = this.client;
    if (!search.error && list.scrollHeight - list.scrollTop - list.clientHeight < AHEAD) search.more();
  }

  #open(event, hit) {
    event.preventDefault();
    this.client.search.look(hit);
    this.tell("hub-open", { room: hit.message.room, at: hit.message.seq, focus: false });
  }

  #again(query) {
    this.room = null;
    this.typed = query;
    this.#meant();
    this.#field.focus();
  }

  #forget() {
    this.client.search.forget();
    this.#field.focus();
  }

  #everywhere() {
    this.room = null;
    this.typed = everywhere(this.typed);
    this.#ask();
    this.#field.focus();
  }

  async #insert({ insert, select = 0, back = 0 }) {
    const field = this.#field;
    const text = typeof insert === "function" ? insert() : insert;
    const before = field.value.slice(0, field.selectionStart ?? field.value.length);
    const after = field.value.slice(field.selectionEnd ?? field.value.length);
    const start = before && !/\s$/.test(before) ? `${before} ${text}` : before + text;
    this.typed = start + (after && !/^\s/.test(after) ? ` ${after}` : after);
    await this.updateComplete;
    field.focus();
    field.setSelectionRange(start.length - select - back, start.length - back);
    this.#onInput({ target: field });
  }
}

customElements.define("hub-search", HubSearch);
