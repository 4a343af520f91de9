import { html, nothing } from "lit";

import { t } from "../lib/i18n.js";
import { fullTime, shortTime } from "../lib/time.js";
import { watch } from "../lib/watch.js";
import { helpOf, LISTS } from "../models/help.js";
import { attempt } from "./shared/attempt.js";
import { count } from "./shared/count.js";
import { Countdown } from "./shared/countdown.js";
import { HubElement } from "./shared/element.js";
import { saidTemplate } from "./shared/help-said.js";
import { pageLink, standing, waited } from "./shared/help-words.js";
import { icon } from "./shared/icon.js";
import { messageList } from "./shared/message-list.js";
import { mayTake } from "./shared/rights.js";
import { tabId, tabs } from "./shared/tabs.js";
import "./hub-help-bar.js";
import "./hub-help-link.js";

const LIST = "help-list";
/** So long somebody may go on typing before it is looked for, in milliseconds. */
const PAUSE = 200;

/** The panel of those who answer visitors: who waits, what I have, what everybody has, and what is resolved. */
export class HubHelp extends HubElement {
  static properties = {
    client: { attribute: false },
    tab: { state: true },
    busy: { state: true },
  };

  #watch = watch(this);
  #typed = null;
  #covering = matchMedia("(width < 900px)");

  constructor() {
    super();
    this.tab = "waiting";
    this.busy = false;
    new Countdown(this, () => !this.#help.reading && (this.#list.list ?? []).some((one) => one.waiting_since));
  }

  get #help() {
    return helpOf(this.client);
  }

  get #list() {
    return this.#help.lists[this.tab];
  }

  connectedCallback() {
    super.connectedCallback();
    for (const list of Object.values(this.#help.lists)) list.query = "";
    this.#choose("waiting");
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.#typed);
  }

  willUpdate() {
    this.#watch.set(this.#help, this.client.people, this.client.rooms);
    // Where it covers the conversation it is the page's main part.
    this.setAttribute("role", this.#covering.matches ? "main" : "complementary");
    this.setAttribute("aria-label", t("help.heading"));
  }

  render() {
    return html`
      <div class="top">
        ${this.#covering.matches ? html`<h1>${t("help.heading")}</h1>` : html`<h2>${t("help.heading")}</h2>`}
        ${this.#button("activity", t("help.figures"), () => this.#figures())}
        ${this.#button("text-quote", t("help.answers"), () => this.#answers())}
        <button type="button" class="icon-button close" aria-label=${t("app.close")} title=${t("app.close")} @click=${() => this.tell("hub-help", { open: false })}>${icon("x")}</button>
      </div>
      ${this.#help.reading ? this.#read(this.#help.reading) : this.#lists()}`;
  }

  #button(sign, label, act) {
    return html`<button type="button" class="icon-button" aria-label=${label} title=${label} @click=${act}>${icon(sign)}</button>`;
  }

  #lists() {
    const list = this.#list;
    const rows = list.list?.map((conversation) => ({ id: conversation.room, conversation })) ?? null;
    return html`<div class="find-visitor">${icon("search")}<input type="search" class="input" autocomplete="off" spellcheck="false" enterkeyhint="search" maxlength="200" dir="auto"
        aria-label=${t("help.find")} placeholder=${t("help.find")} .value=${list.query} @input=${(event) => this.#find(event.target.value)}></div>
      ${tabs({ label: t("help.lists"), names: LISTS, text: (name) => this.#tabText(name), chosen: this.tab, panel: LIST, choose: (name) => this.#choose(name) })}
      <div class="tab-panel" role="tabpanel" id=${LIST} aria-labelledby=${tabId(this.tab)}>
        ${messageList(list, { messages: rows, row: ({ conversation }) => this.#row(conversation), sign: "life-buoy", none: t(list.query ? "help.none.found" : `help.none.${this.tab}`), offline: t("help.offline"), onKey: () => {} })}
      </div>`;
  }

  #tabText(name) {
    const { waiting } = this.#help;
    return html`${t(`help.list.${name}`)}${name === "waiting" && waiting ? count(waiting, "mentions", "help.list.waiting.count") : nothing}`;
  }

  #choose(name) {
    // Who was looked for in one list may stand in the next.
    const { query } = this.#list;
    clearTimeout(this.#typed);
    this.tab = name;
    this.#help.show(null);
    this.#help.lists[name].find(query);
  }

  #find(query) {
    clearTimeout(this.#typed);
    this.#typed = setTimeout(() => this.#list.find(query), PAUSE);
  }

  #row(conversation) {
    const { client, busy } = this;
    const { room, state, last, said_at: said, page } = conversation;
    const visitor = client.people.get(conversation.visitor.id);
    const waiting = waited(conversation, client);
    const help = this.#help;
    return html`<li class="visitor ${client.current?.id === room ? "here" : ""}" data-room=${room}>
      <button type="button" class="open" @click=${() => this.#open(conversation)}>
        <span class="by"><b dir="auto">${visitor.name}</b><small dir="auto">${pageLink(page)?.host ?? nothing}</small>
          ${waiting ? html`<span class="waited" title=${t("help.waits", { time: waiting })}>${icon("clock", "small")}${waiting}</span>` : html`<time datetime=${said} title=${fullTime(said)}>${shortTime(said)}</time>`}</span>
        <span class="excerpt" dir="auto">${last}</span>
      </button>
      <div class="foot"><small dir="auto">${standing(conversation, client)}</small>
        ${state === "resolved"
          ? html`<button type="button" class="button quiet small" ?disabled=${busy} @click=${() => this.#reopen(room)}>${t("help.reopen")}</button>`
          : mayTake(client.me, conversation) ? html`<button type="button" class="button quiet small" ?disabled=${busy} @click=${() => this.#do(() => help.take(room))}>${t("help.take")}</button>` : nothing}
      </div>
    </li>`;
  }

  #read({ room, rating, comment, visitor }) {
    return html`<div class="reading">
        <button type="button" class="link-button back" @click=${() => this.#back()}>${icon("chevron-left", "small")}${t("help.list.resolved")}</button>
        <h3 dir="auto">${this.client.people.get(visitor.id).name}</h3>
        ${rating === null ? nothing : html`<p class="rating">${icon("star", "small")}${t("help.rated", { rating })}${comment ? html` <q dir="auto">${comment}</q>` : nothing}</p>`}
        <button type="button" class="button quiet small" ?disabled=${this.busy} @click=${() => this.#reopen(room)}>${t("help.reopen")}</button>
      </div>
      <div class="scroll said" tabindex="0" role="region" aria-label=${t("help.said")}>${saidTemplate(this.client, room)}</div>`;
  }

  async #open(conversation) {
    const { room, state } = conversation;
    if (state === "resolved") {
      this.#help.show(conversation);
      await this.updateComplete;
      this.querySelector(".back")?.focus();
      return;
    }
    await this.#do(async () => {
      await this.#help.look(room);
      this.tell("hub-open", { room });
    });
  }

  async #back() {
    const { room } = this.#help.reading;
    this.#help.show(null);
    await this.updateComplete;
    this.querySelector(`[data-room="${room}"] .open`)?.focus();
  }

  async #reopen(room) {
    await this.#do(async () => {
      await this.#help.reopen(room);
      this.tell("hub-open", { room });
    });
  }

  async #do(work) {
    this.busy = true;
    await attempt(work);
    this.busy = false;
    await this.updateComplete;
    // The button that was pressed may have gone with its row.
    if (document.activeElement === document.body) this.querySelector("[role=tab][aria-selected=true]")?.focus();
  }

  async #answers() {
    await attempt(async () => {
      await import("./hub-help-answers.js");
      this.#show("hub-help-answers");
    });
  }

  async #figures() {
    await attempt(async () => {
      await import("./hub-help-figures.js");
      this.#show("hub-help-figures");
    });
  }

  #show(name) {
    const dialog = Object.assign(document.createElement(name), { client: this.client });
    dialog.addEventListener("hub-done", () => dialog.remove());
    document.body.append(dialog);
  }
}

customElements.define("hub-help", HubHelp);
