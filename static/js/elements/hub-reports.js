import { html, nothing } from "lit";
import { unsafeHTML } from "lit/directives/unsafe-html.js";

import { errorText } from "../lib/errors.js";
import { t } from "../lib/i18n.js";
import { fullTime, shortTime } from "../lib/time.js";
import { watch } from "../lib/watch.js";
import { own } from "../models/own-emoji.js";
import { reportsOf } from "../models/reports.js";
import { roomSanctionsOf } from "../models/room-sanctions.js";
import { attempt } from "./shared/attempt.js";
import { avatar } from "./shared/avatar.js";
import { count } from "./shared/count.js";
import { HubElement } from "./shared/element.js";
import { excerpt } from "./shared/excerpt.js";
import { icon } from "./shared/icon.js";
import { messageList } from "./shared/message-list.js";
import { reportActs } from "./shared/report-acts.js";
import { roomPath } from "./shared/route.js";
import { tabId, tabs } from "./shared/tabs.js";
import { roomLabel } from "./shared/words.js";
import { openMenu } from "./hub-popup.js";
import "./hub-reports-link.js";

const TABS = ["open", "settled"];
const LIST = "report-list";

/** The panel with what was reported to me: each message as it was, who reported it and why, what was said around it, and what can be done. */
export class HubReports extends HubElement {
  static properties = {
    client: { attribute: false },
    tab: { state: true },
    /** The ids of messages whose surroundings are shown. */
    unfolded: { state: true },
    busy: { state: true },
  };

  #watch = watch(this);
  #covering = matchMedia("(width < 900px)");
  /** The row that has the focus before it is drawn anew. */
  #focused = null;

  constructor() {
    super();
    this.tab = "open";
    this.unfolded = new Set();
    this.busy = false;
  }

  get #reports() {
    return reportsOf(this.client);
  }

  connectedCallback() {
    super.connectedCallback();
    // What was settled while it was looked at goes from among the open ones.
    this.#choose("open");
  }

  willUpdate() {
    this.#focused = this.querySelector(".report:focus-within");
    this.#watch.set(this.#reports, roomSanctionsOf(this.client), this.client.people, this.client.rooms, own);
    // Where it covers the conversation it is the page's main part.
    this.setAttribute("role", this.#covering.matches ? "main" : "complementary");
    this.setAttribute("aria-label", t("reports.heading"));
  }

  updated() {
    // Another may have settled it, and its buttons have gone.
    if (this.#focused?.isConnected && document.activeElement === document.body) this.#focused.focus();
  }

  render() {
    const heading = t("reports.heading");
    const list = this.#reports[this.tab];
    return html`
      <div class="top">
        ${this.#covering.matches ? html`<h1>${heading}</h1>` : html`<h2>${heading}</h2>`}
        <button type="button" class="icon-button close" aria-label=${t("app.close")} title=${t("app.close")} @click=${() => this.tell("hub-reports", { open: false })}>${icon("x")}</button>
      </div>
      ${tabs({ label: t("reports.lists"), names: TABS, text: (name) => this.#tabText(name), chosen: this.tab, panel: LIST, choose: (name) => this.#choose(name) })}
      <div class="tab-panel" role="tabpanel" id=${LIST} aria-labelledby=${tabId(this.tab)}>
        ${messageList(list, { messages: list.list && list.groups, row: (group) => this.#row(group), sign: "flag", none: t(`reports.none.${this.tab}`), offline: t("reports.offline"), onKey: () => {} })}
      </div>`;
  }

  #tabText(name) {
    const { waiting } = this.#reports;
    return html`${t(`reports.list.${name}`)}${name === "open" && waiting ? count(waiting, "mentions", "reports.list.open.count") : nothing}`;
  }

  #choose(name) {
    this.tab = name;
    this.#reports[name].load();
  }

  #row(group) {
    const { client } = this;
    const [report] = group.reports;
    const author = client.people.get(report.author);
    const settled = report.settled_at !== null;
    return html`<li class="report ${settled ? "settled" : ""}" data-message=${group.id} tabindex="-1" aria-label=${t("reports.of", { name: author.name })}>
      <div class="by">
        <button type="button" class="face" data-person=${author.id} aria-haspopup="dialog" aria-label=${author.name}>${avatar(author, "small")}</button>
        <b dir="auto">${author.name || "…"}</b><small dir="auto">${this.#place(report)}</small>
        <time datetime=${report.created_at} title=${fullTime(report.created_at)}>${shortTime(report.created_at)}</time>
      </div>
      ${report.html ? html`<div class="body said" dir="auto">${unsafeHTML(own.shown(report.html))}</div>` : html`<p class="note">${t("reports.noText")}</p>`}
      ${this.#since(group)}
      <ul class="told">${group.reports.map((one) => this.#told(one))}</ul>
      ${settled ? this.#outcome(report) : nothing}
      ${this.#around(group)}
      ${settled ? nothing : this.#acts(group)}
    </li>`;
  }

  #place({ room: id, room_name: name }) {
    const room = this.client.rooms.get(id);
    return room ? roomLabel(room) : name === null ? t("reports.direct") : `#${name}`;
  }

  /** What has become of the message, as far as it is known. */
  #since(group) {
    const now = this.#messageOf(group);
    if (!now?.deleted && !(now && now.html !== group.reports[0].html)) return nothing;
    return html`<p class="since">${icon("info", "small")}<span>${t(now.deleted ? "reports.deletedSince" : "reports.editedSince")}</span></p>`;
  }

  #told({ reporter, reason, comment }) {
    const { name } = this.client.people.get(reporter);
    return html`<li><span class="tag">${t(`report.reason.${reason}`)}</span><button type="button" class="name" data-person=${reporter} aria-haspopup="dialog" dir="auto">${name || "…"}</button>${comment ? html`<p dir="auto">${comment}</p>` : nothing}</li>`;
  }

  #outcome({ outcome, settled_at: at, settled_by: by }) {
    const name = by === null ? "" : this.client.people.get(by).name;
    return html`<p class="outcome" role="status">${icon("check", "small")}<span>${t(`reports.outcome.${outcome}`)}
      <small>${by === null ? nothing : html`<span dir="auto">${name}</span> · `}<time datetime=${at} title=${fullTime(at)}>${shortTime(at)}</time></small></span></p>`;
  }

  #around(group) {
    const shown = this.unfolded.has(group.id);
    const id = `around-${group.id}`;
    return html`<button type="button" class="fold" aria-expanded=${shown ? "true" : "false"} aria-controls=${id} @click=${() => this.#fold(group)}>${icon("chevron-down", "small")}${t("reports.around")}</button>
      <div class="around" id=${id} ?hidden=${!shown}>${shown ? this.#said(group) : nothing}</div>`;
  }

  #said(group) {
    const found = this.#reports.around(group);
    if (found?.error) return html`<p class="note" role="alert">${errorText(found.error)} <button type="button" class="link-button" @click=${() => this.#reports.look(group)}>${t("app.tryAgain")}</button></p>`;
    if (!found?.messages) return html`<p class="note" role="status">${t("reports.loading")}</p>`;
    const room = this.client.rooms.get(group.reports[0].room);
    const here = this.#messageOf(group);
    return html`<ol>${found.messages.map((message) => this.#line(message, message === here))}</ol>
      ${room && here ? html`<a class="link-button" href=${roomPath(room.id, here.seq)}>${t("reports.show")}</a>` : nothing}`;
  }

  #line(message, here) {
    const { name } = this.client.people.author(message.author);
    return html`<li class=${here ? "here" : ""} aria-current=${here ? "true" : nothing}><b dir="auto">${name}</b> <time datetime=${message.created_at} title=${fullTime(message.created_at)}>${shortTime(message.created_at)}</time>
      <span dir="auto" class=${message.deleted ? "note" : ""}>${excerpt(message)}</span></li>`;
  }

  #messageOf(group) {
    return this.#reports.around(group)?.messages?.find(({ id }) => id === group.id);
  }

  #acts(group) {
    const { direct, menu } = reportActs(this.client, group, this.#messageOf(group), { place: this.#place(group.reports[0]), closed: () => this.#keepFocus(group) });
    const button = (act) => html`<button type="button" class="button quiet small ${act.danger ? "danger" : ""}" ?disabled=${this.busy} @click=${() => this.#do(group, act)}>${act.text}</button>`;
    return html`<div class="acts">
      ${direct.map(button)}
      ${menu.length ? html`<button type="button" class="button quiet small" aria-haspopup="menu" aria-expanded="false" ?disabled=${this.busy}
        @click=${(event) => openMenu({ opener: event.currentTarget, label: t("reports.person"), items: menu.map((act) => ({ ...act, act: () => this.#do(group, act) })) })}>${t("reports.person")}${icon("chevron-down", "small")}</button>` : nothing}
    </div>`;
  }

  async #do(group, { run }) {
    this.busy = true;
    const done = await attempt(run);
    this.busy = false;
    if (done) await this.#keepFocus(group);
  }

  /** Where the buttons have gone, the row has the focus. */
  async #keepFocus(group) {
    await this.updateComplete;
    if (document.activeElement === document.body) this.querySelector(`[data-message="${group.id}"]`)?.focus();
  }

  #fold(group) {
    const unfolded = new Set(this.unfolded);
    if (!unfolded.delete(group.id)) {
      unfolded.add(group.id);
      this.#reports.look(group);
    }
    this.unfolded = unfolded;
  }
}

customElements.define("hub-reports", HubReports);
