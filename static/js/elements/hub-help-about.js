import { html, nothing } from "lit";

import { language, t } from "../lib/i18n.js";
import { mailto } from "../lib/text.js";
import { fullTime, shortTime } from "../lib/time.js";
import { watch } from "../lib/watch.js";
import { helpOf } from "../models/help.js";
import { HubElement } from "./shared/element.js";
import { saidTemplate } from "./shared/help-said.js";
import { pageLink, standing } from "./shared/help-words.js";
import { icon } from "./shared/icon.js";

/** Among a conversation's details: where the visitor is and with what, how to reach them, and what they have asked before. */
export class HubHelpAbout extends HubElement {
  static properties = {
    client: { attribute: false },
    room: { attribute: false },
    /** The earlier conversation that is being read. */
    unfolded: { state: true },
  };

  #watch = watch(this);
  #asked = null;

  constructor() {
    super();
    this.unfolded = null;
  }

  willUpdate(changed) {
    const { client, room } = this;
    const help = helpOf(client);
    this.#watch.set(client, client.people, help);
    if (changed.has("room")) this.unfolded = null;
    if (help.earlier(room.id)) this.#asked = null;
    else if (client.connection.connected && this.#asked !== room.id) {
      this.#asked = room.id;
      // The bar above the conversation says what went wrong.
      help.look(room.id).catch(() => {});
    }
  }

  render() {
    const { client, room } = this;
    const conversation = helpOf(client).about(room.id);
    if (!conversation) return nothing;
    const { page, browser, email, language: speaks, opened_at: opened, rating, comment } = conversation;
    return html`<dl class="visitor-facts">
        ${fact("globe", t("help.page"), page && pageOf(page))}
        ${fact("send", t("help.email"), email && html`<a href=${mailto(email)}>${email}</a>`)}
        ${fact("laptop", t("help.browser"), browser)}
        ${fact("languages", t("help.language"), speaks && languageName(speaks))}
        ${fact("clock", t("help.since"), html`<time datetime=${opened}>${fullTime(opened)}</time>`)}
        ${rating === null ? nothing : fact("star", t("help.rating"), html`${t("help.rated", { rating })}${comment ? html`<br><q dir="auto">${comment}</q>` : nothing}`)}
      </dl>
      ${this.#earlier()}`;
  }

  #earlier() {
    const { client, room } = this;
    const earlier = helpOf(client).earlier(room.id);
    if (!earlier) return nothing;
    return html`<h2 class="section"><span>${t("help.earlier")}</span></h2>
      ${earlier.length ? html`<ul class="earlier">${earlier.map((one) => this.#one(one))}</ul>` : html`<p class="none">${t("help.noEarlier")}</p>`}`;
  }

  #one(conversation) {
    const { room, opened_at: opened, last } = conversation;
    const open = this.unfolded === room;
    return html`<li><button type="button" class="fold" aria-expanded=${open ? "true" : "false"} @click=${() => this.#fold(room)}>${icon("chevron-down", "small")}<span class="words">
        <span><time datetime=${opened} title=${fullTime(opened)}>${shortTime(opened)}</time> · ${standing(conversation, this.client)}</span><small dir="auto">${last}</small></span></button>
      ${open ? html`<div class="said">${saidTemplate(this.client, room)}</div>` : nothing}</li>`;
  }

  #fold(room) {
    this.unfolded = this.unfolded === room ? null : room;
    if (this.unfolded) helpOf(this.client).read(room);
  }
}

const fact = (sign, name, value) => (value ? html`<div><dt>${icon(sign)}<span class="visually-hidden">${name}</span></dt><dd dir="auto" title=${name}>${value}</dd></div>` : nothing);

function pageOf(page) {
  const link = pageLink(page);
  return link ? html`<a href=${link.href} target="_blank" rel="noopener noreferrer">${link.host}${link.pathname === "/" ? "" : link.pathname}</a>` : page;
}

function languageName(code) {
  try {
    return new Intl.DisplayNames(language(), { type: "language" }).of(code);
  } catch {
    return code;
  }
}

customElements.define("hub-help-about", HubHelpAbout);
