import { html, nothing } from "lit";

import { t } from "../lib/i18n.js";
import { watch } from "../lib/watch.js";
import { answers } from "../models/counts.js";
import { scheduledOf } from "../models/scheduled.js";
import { count } from "./shared/count.js";
import { HubElement } from "./shared/element.js";
import { excerpt } from "./shared/excerpt.js";
import { icon } from "./shared/icon.js";
import { linkFor } from "./shared/link-keys.js";
import { messageLink } from "./shared/message-link.js";
import { messageList } from "./shared/message-list.js";
import { tabId, tabs } from "./shared/tabs.js";
import { toast } from "./hub-toast.js";
import "./hub-saved.js";
import "./hub-scheduled.js";

const TABS = ["asking", "saved", "scheduled"];
const LIST = "inbox-list";
const KINDS = ["all", "mentions", "replies"];

/**
 * The panel with what calls or answers me, and beside it what I have saved for later and what I have written to be sent later. Whatever is
 * read in its room is read here, and the other way round.
 */
export class HubInbox extends HubElement {
  static properties = {
    client: { attribute: false },
    seen: { state: true },
  };

  #watch = watch(this);
  #stops = [];
  #covering = matchMedia("(width < 900px)");
  #tab = () => this.querySelector("[role=tab][aria-selected=true]");

  constructor() {
    super();
    this.seen = null;
  }

  connectedCallback() {
    super.connectedCallback();
    const { inbox, rooms } = this.client;
    this.#stops = [inbox.watch(), rooms.on("counts", () => this.requestUpdate())];
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    for (const stop of this.#stops.splice(0)) stop();
  }

  willUpdate() {
    const { client } = this;
    this.#watch.set(client.inbox, client.people, client.rooms, client.saved, scheduledOf(client));
    // Where it covers the conversation it is the page's main part.
    this.setAttribute("role", this.#covering.matches ? "main" : "complementary");
    this.setAttribute("aria-label", t("inbox.heading"));
  }

  render() {
    const { inbox } = this.client;
    const heading = t("inbox.heading");
    return html`
      <div class="top">
        ${this.#covering.matches ? html`<h1>${heading}</h1>` : html`<h2>${heading}</h2>`}
        ${inbox.tab === "asking" ? this.#readAll() : nothing}
        <button type="button" class="icon-button close" aria-label=${t("app.close")} title=${t("app.close")} @click=${() => this.tell("hub-inbox", { open: false })}>${icon("x")}</button>
      </div>
      ${tabs({ label: t("inbox.lists"), names: TABS, text: (name) => this.#tabText(name), chosen: inbox.tab, panel: LIST, choose: (name) => inbox.show(name) })}
      <div class="tab-panel" role="tabpanel" id=${LIST} aria-labelledby=${tabId(inbox.tab)}>
        ${this.#list()}
      </div>`;
  }

  #readAll() {
    return html`<button type="button" class="icon-button all" aria-label=${t("inbox.markAll")} title=${t("inbox.markAll")} ?disabled=${!this.client.rooms.asking} @click=${this.#markAll}>${icon("check-check")}</button>`;
  }

  /** What of a list waits for me. */
  #tabText(name) {
    const { saved, rooms } = this.client;
    const number = { saved: () => saved.due(rooms).length, scheduled: () => scheduledOf(this.client).list.filter((one) => one.error).length }[name]?.() ?? 0;
    return html`${t(`inbox.list.${name}`)}${number ? count(number, "mentions", `inbox.list.${name}.count`) : nothing}`;
  }

  #list() {
    const { client } = this;
    switch (client.inbox.tab) {
      case "saved":
        return html`<hub-saved .client=${client} .above=${this.#tab}></hub-saved>`;
      case "scheduled":
        return html`<hub-scheduled .client=${client}></hub-scheduled>`;
      default:
        return this.#asking();
    }
  }

  #asking() {
    const { inbox } = this.client;
    return html`<div class="tools" role="group" aria-label=${t("inbox.filter")}>
        ${KINDS.map((kind) => html`<button type="button" class="pick" aria-pressed=${inbox.kind === kind ? "true" : "false"} @click=${() => inbox.choose(kind)}>${t(`inbox.kind.${kind}`)}</button>`)}
      </div>
      ${messageList(inbox, { row: (message) => this.#row(message), sign: "inbox", none: t(`inbox.none.${inbox.kind}`), offline: t("inbox.offline"), onKey: (event) => this.#onKey(event) })}`;
  }

  #row(message) {
    const { client } = this;
    const { inbox } = client;
    const unread = inbox.isUnread(message);
    const kind = answers(message, client.me.id) ? "reply" : "mention";
    const why = t(`inbox.${kind}`);
    const sign = html`<span class="why" title=${why}>${icon(kind === "reply" ? "reply" : "at-sign")}<span class="visually-hidden">${why}${unread ? html` ${t("inbox.new")}` : nothing}</span></span>`;
    return html`<li class=${unread ? "unread" : ""}>
      ${messageLink(client, message, { words: excerpt(message), sign, seen: this.seen === message.id, open: (event) => this.#open(event, message) })}
      ${unread ? html`<button type="button" class="icon-button mark" aria-label=${t("inbox.mark")} title=${t("inbox.mark")} @click=${(event) => this.#mark(event, message)}>${icon("check")}</button>` : nothing}
    </li>`;
  }

  #open(event, message) {
    event.preventDefault();
    this.seen = message.id;
    this.client.inbox.markRead(message);
    this.tell("hub-open", { room: message.room, at: message.seq, focus: false });
  }

  #mark(event, message) {
    // The button goes; the row that it was in keeps the focus.
    event.currentTarget.parentElement.querySelector(".hit").focus();
    this.client.inbox.markRead(message);
  }

  #markAll() {
    const undo = this.client.inbox.markAllRead();
    this.querySelector(".close").focus();
    toast({ text: t("inbox.allRead"), action: t("app.undo"), run: undo });
  }

  #onKey(event) {
    const links = [...this.querySelectorAll(".hit")];
    const target = linkFor(event, links, this.querySelector(".pick[aria-pressed=true]"));
    if (!target) return;
    event.preventDefault();
    target.focus();
    if (links.indexOf(target) >= links.length - 3) this.client.inbox.more();
  }
}

customElements.define("hub-inbox", HubInbox);
