import { html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";

import { errorText } from "../../lib/errors.js";
import { t } from "../../lib/i18n.js";
import { HubDialog } from "../shared/dialog.js";
import { icon } from "../shared/icon.js";
import { mayCreate } from "../shared/rights.js";

const PAUSE = 200;

/** All public rooms, and the private ones that I am in; those that are archived stand apart. */
export class HubDirectory extends HubDialog {
  static properties = {
    client: { attribute: false },
    query: { attribute: false },
    archived: { state: true },
    rooms: { state: true },
    next: { state: true },
    error: { state: true },
    joining: { state: true },
  };

  size = "wide";
  #timer = null;
  #asked = 0;

  constructor() {
    super();
    this.query = "";
    this.archived = false;
    this.rooms = null;
    this.next = null;
    this.error = null;
    this.joining = null;
  }

  connectedCallback() {
    super.connectedCallback();
    this.#load();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  heading() {
    return t("directory.heading");
  }

  content() {
    return html`<div class="content tall">
      <div class="search">
        ${icon("search")}
        <input class="input" type="search" autofocus spellcheck="false" aria-label=${t("directory.search")} placeholder=${t("directory.search")} .value=${this.query} @input=${this.#onInput}>
      </div>
      <div class="filter" role="group" aria-label=${t("directory.filter")}>
        ${[false, true].map((archived) => html`<button type="button" class="pick" aria-pressed=${this.archived === archived ? "true" : "false"} @click=${() => this.#filter(archived)}>
          ${t(archived ? "directory.archived" : "directory.active")}</button>`)}
      </div>
      <div class="list" tabindex="-1" aria-busy=${this.rooms ? "false" : "true"}>
        ${this.error ? html`<p class="none" role="alert">${errorText(this.error)} <button type="button" class="link-button" @click=${() => this.#load()}>${t("app.tryAgain")}</button></p>` : nothing}
        <ul>${repeat(this.rooms ?? [], (room) => room.id, (room) => html`<li>${this.#row(room)}</li>`)}</ul>
        ${this.rooms && !this.rooms.length && !this.error ? this.#nothing() : nothing}
        ${this.next ? html`<div class="more"><button type="button" class="button quiet" @click=${() => this.#load(this.next)}>${t("app.more")}</button></div>` : nothing}
      </div>
      ${mayCreate(this.client.me) ? html`<div class="buttons"><button type="button" class="button quiet" @click=${this.#newRoom}>${icon("plus")}${t("sidebar.newRoom")}</button></div>` : nothing}
    </div>`;
  }

  #nothing() {
    const { query, archived } = this;
    return html`<p class="none" role="status">${query ? t("directory.nothing", { query }) : t(archived ? "directory.noneArchived" : "directory.empty")}</p>`;
  }

  #row(room) {
    const member = room.role !== null;
    return html`<div class="row">
      ${icon(room.kind === "private" ? "lock" : "hash")}
      <div class="words">
        <span class="title"><b dir="auto">${room.name}</b>${member ? html`<small class="joined">${icon("check", "small")}${t("directory.joined")}</small>` : nothing}</span>
        <p dir="auto" title=${room.topic}>${t("header.members", { count: room.member_count })}${room.topic ? html` · ${room.topic}` : nothing}</p>
      </div>
      <button type="button" class="button small ${member ? "quiet" : ""}" aria-label=${t(member ? "directory.openRoom" : "directory.joinRoom", { room: room.name })}
        ?disabled=${this.joining === room.id} @click=${() => this.#enter(room)}>${t(member ? "directory.open" : "directory.join")}</button>
    </div>`;
  }

  #onInput(event) {
    this.query = event.target.value.trim();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#load(), PAUSE);
  }

  #filter(archived) {
    if (this.archived === archived) return;
    this.archived = archived;
    this.rooms = null;
    this.#load();
  }

  async #load(after) {
    const turn = ++this.#asked;
    try {
      const query = this.query.replace(/^#/, "");
      const page = await this.client.roomActions.list({ query, archived: this.archived, ...(after ? { after } : {}) });
      if (turn !== this.#asked) return;
      this.rooms = after ? [...this.rooms, ...page.rooms] : page.rooms;
      this.next = page.next ?? null;
      this.error = null;
    } catch (error) {
      if (turn === this.#asked) this.error = error;
    }
  }

  async #enter(room) {
    this.joining = room.id;
    try {
      if (room.role === null) await this.client.roomActions.join(room.id);
      this.close();
      this.tell("hub-open", { room: room.id });
    } catch (error) {
      this.error = error;
    }
    this.joining = null;
  }

  #newRoom() {
    this.tell("hub-dialog", { name: "new-room", roomName: this.query });
  }
}

customElements.define("hub-directory", HubDirectory);
