import { html, nothing } from "lit";
import { unsafeHTML } from "lit/directives/unsafe-html.js";

import { errorText } from "../lib/errors.js";
import { t } from "../lib/i18n.js";
import { later } from "../lib/later.js";
import { emojiOf, emojiOnly } from "../lib/text.js";
import { watch } from "../lib/watch.js";
import { own, ownOnly } from "../models/own-emoji.js";
import { clockTime, fullTime } from "../lib/time.js";
import { calls } from "../models/counts.js";
import { attachments } from "./shared/attachments.js";
import { attempt } from "./shared/attempt.js";
import { face } from "./shared/avatar.js";
import { dressText } from "./shared/code.js";
import { markEdited } from "./shared/edited.js";
import { RowElement } from "./shared/element.js";
import { icon } from "./shared/icon.js";
import { toolbarCommands } from "./shared/message-commands.js";
import { previews } from "./shared/previews.js";
import { quote } from "./shared/quote.js";
import { hasVoice } from "./shared/rights.js";
import { statusMark } from "./shared/status.js";
import "./hub-reactions.js";

const SHOWN = ["id", "name", "avatar", "status_emoji", "status_text", "status_until"];
const otherAuthor = (a, b) => SHOWN.some((key) => a[key] !== b?.[key]);
const NONE = [];
/**
 * Under the pointer, touched, or reached by keys. Where there is a pointer, a row that was clicked a while ago needs no buttons
 * beside those of the one in hand.
 */
const IN_HAND = matchMedia("(hover: none)").matches ? ":hover, :focus-within" : ":hover, :focus-visible, :has(:focus-visible)";

/** One row: a stored message, or an entry of the outbox on its way. Both are replaced by new objects when they change. */
export class HubMessage extends RowElement {
  static properties = {
    client: { attribute: false },
    room: { attribute: false },
    message: { attribute: false },
    entry: { attribute: false },
    author: { attribute: false, hasChanged: otherAuthor },
    first: { attribute: false },
    stalled: { attribute: false },
    /** What this answers, as far as it is known. */
    original: { attribute: false },
    reactions: { attribute: false },
    saved: { attribute: false },
    editing: { attribute: false },
    active: { state: true },
  };

  /** Whether a menu of this row is open: what it hangs on must stay. */
  #open = false;
  #watchOwn = null;

  constructor() {
    super();
    this.active = false;
    this.reactions = NONE;
    const sense = () => {
      this.active = this.#open || this.matches(IN_HAND);
    };
    for (const type of ["pointerenter", "pointerleave", "focusin", "focusout"]) this.addEventListener(type, () => queueMicrotask(sense));
    this.addEventListener("hub-react", (event) => this.openMenu("react", event.detail.anchor));
  }

  willUpdate(changed) {
    const { message, entry, client } = this;
    const state = entry?.state;
    this.classList.toggle("first", this.first);
    this.classList.toggle("pending", ["queued", "sending", "waiting"].includes(state));
    this.classList.toggle("failed", state === "failed");
    this.classList.toggle("among", message?.kind === "note" || Boolean(entry?.note));
    this.classList.toggle("mentions-me", Boolean(message) && message.author.id !== client.me.id && calls(message, client.me.id));
    // The focus does not go with the buttons.
    if (changed.get("active") && !this.active && this.querySelector(":scope > .tools")?.contains(document.activeElement)) this.focus({ preventScroll: true });
    if (changed.has("editing") && this.editing) later(() => import("./hub-message-edit.js")).catch((error) => attempt(() => Promise.reject(error)));
  }

  render() {
    const { message, entry, author } = this;
    const when = message?.created_at ?? entry.createdAt;
    const time = html`<time datetime=${when} title=${fullTime(when)}>${clockTime(when)}</time>`;
    const replyTo = message?.reply_to ?? entry?.replyTo;
    return html`
      ${this.first ? face(author) : time}
      <div class="column">
        ${this.first
          ? html`<div class="by"><button type="button" class="name" data-person=${author.id} dir="auto">${author.name}</button>${statusMark(author)}${time}${this.#among()}</div>`
          : html`<span class="visually-hidden">${author.name}</span>`}
        ${message?.pinned || this.saved ? this.#marks() : nothing}
        ${replyTo ? quote(this.original, this.client, (seq) => this.tell("hub-show", { seq })) : nothing}
        ${message ? this.#stored() : this.#onItsWay()}
        ${attachments((message ?? entry).files, { show: (file) => this.#show(file), redraw: () => this.requestUpdate() })}
        ${previews(this)}
        ${entry ? this.#fate() : nothing}
        ${this.reactions.length ? html`<hub-reactions .client=${this.client} .room=${this.room} .message=${message} .reactions=${this.reactions}></hub-reactions>` : nothing}
      </div>
      ${this.active && message && !this.editing ? this.#tools() : nothing}
    `;
  }

  updated() {
    if (!this.message) return;
    dressText(this);
    const body = this.querySelector(":scope > .column > .body");
    markEdited(body, this.message);
    if (body && this.message.called) later(() => import("./shared/own-words.js")).then(({ markWords }) => markWords(body, this.client.choices), () => {});
  }

  get about() {
    const { client, room, message } = this;
    return { client, room, message, row: this };
  }

  /**
   * Open the menu of this message.
   *
   * @param {"more" | "react" | "all"} kind
   * @param {HTMLElement} [anchor]
   * @param {boolean} [pressed] whether a finger still rests on the row
   */
  async openMenu(kind, anchor = this.querySelector(`.tools [data-command="${kind}"]`) ?? this, pressed = false) {
    this.#open = true;
    await attempt(async () => {
      const { openMessageMenu } = await later(() => import("./hub-message-menu.js"));
      await openMessageMenu(this.about, { kind, anchor, pressed });
    });
    this.#open = false;
    this.active = this.matches(IN_HAND);
  }

  #stored() {
    const { message, client } = this;
    if (message.deleted) return html`<div class="body note">${t("messages.deleted")}</div>`;
    if (this.editing) return html`<hub-message-edit .client=${client} .message=${message}></hub-message-edit>`;
    const emoji = emojiOf(message);
    if (emoji) return html`<div class="body big">${emoji}</div>`;
    return message.html || message.edited_at ? this.#text(message.html) : nothing;
  }

  #text(text) {
    // The few rows that have some of the server's own emoji follow what becomes of these.
    if (text.includes("/emoji/")) this.#watchOwn ??= watch(this, own);
    return html`<div class="body ${ownOnly(text) ? "big" : ""}" dir="auto">${unsafeHTML(own.shown(text))}</div>`;
  }

  /** The visitor is not to see it. */
  #among() {
    return this.classList.contains("among") ? html`<span class="tag">${icon("lock", "small")}${t("message.among")}</span>` : nothing;
  }

  #marks() {
    return html`<small class="marks">
      ${this.message.pinned ? html`<span class="pinned">${icon("pin", "small")}${t("message.pinned")}</span>` : nothing}
      ${this.saved ? html`<span class="saved">${icon("bookmark", "small")}${t("message.saved")}</span>` : nothing}
    </small>`;
  }

  #onItsWay() {
    const { text } = this.entry;
    return text ? html`<div class="body ${emojiOnly(text) ? "big" : "plain"}" dir="auto">${text}</div>` : nothing;
  }

  #fate() {
    return this.entry.state === "failed" ? this.#failed() : this.#note();
  }

  #note() {
    const { state } = this.entry;
    if (state === "waiting") return html`<small class="note">${t("messages.waitingServer")}</small>`;
    return this.stalled && state === "queued" ? html`<small class="note">${t("messages.waiting")}</small>` : nothing;
  }

  #failed() {
    const { entry, client, room } = this;
    const muted = entry.error?.code === "forbidden" && !hasVoice(client, room);
    return html`<div class="fail" role="alert">
      <span>${t("messages.failed", { reason: muted ? t("messages.muted") : errorText(entry.error) })}</span>
      <button type="button" @click=${() => client.outbox.retry(entry.cid)}>${t("app.tryAgain")}</button>
      <button type="button" @click=${() => client.outbox.discard(entry.cid)}>${t("app.delete")}</button>
    </div>`;
  }

  /** Open a picture, large, with those around it. */
  #show(file) {
    const { client, room, message } = this;
    if (!message) return;
    attempt(async () => {
      const { openLightbox } = await later(() => import("./hub-lightbox.js"));
      await openLightbox({ client, room, message: message.id, file: file.id });
    });
  }

  #tools() {
    const { about } = this;
    return html`<div class="tools">
      ${toolbarCommands(about).map((command) => this.#tool(command.name, command.icon, () => command.run(about)))}
      ${this.#tool("more", "ellipsis", () => this.openMenu("more"), "menu")}
    </div>`;
  }

  #tool(name, sign, run, popup = name === "react" ? "menu" : nothing) {
    return html`<button type="button" class="icon-button" data-command=${name} aria-haspopup=${popup} aria-label=${t(`message.${name}`)} title=${t(`message.${name}`)}
      @click=${run}>${icon(sign)}</button>`;
  }
}

customElements.define("hub-message", HubMessage);
