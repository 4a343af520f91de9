import { html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";

import { errorText } from "../lib/errors.js";
import { iconOf, sizeText } from "../lib/files.js";
import { t } from "../lib/i18n.js";
import { watch } from "../lib/watch.js";
import { HubElement } from "./shared/element.js";
import { icon } from "./shared/icon.js";

/** Larger pictures are not drawn before they are there: a phone would run out of memory. */
const DRAWN = 30 * 1024 * 1024;

/** What is attached to the message that is being written: a tile each, with how far it is, and ways to try again and to take it away. */
export class HubUploadTiles extends HubElement {
  static properties = {
    client: { attribute: false },
    room: { attribute: false },
    broken: { state: true },
  };

  #watch = watch(this);
  /** Blob -> its address in this page. */
  #drawn = new Map();
  #onLeave = (event) => this.client?.attachments.unfinished && event.preventDefault();

  constructor() {
    super();
    /** Addresses of pictures that the browser can't draw. */
    this.broken = new Set();
  }

  connectedCallback() {
    super.connectedCallback();
    // What is on its way, in whichever room, would be lost with the page.
    window.addEventListener("beforeunload", this.#onLeave);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    window.removeEventListener("beforeunload", this.#onLeave);
    for (const blob of this.#drawn.keys()) this.#forget(blob);
  }

  willUpdate() {
    const { client, room } = this;
    this.#watch.set(client.attachments, client.attachments.progress, client.connection);
    const shown = new Set(client.attachments.list(room.id).map(({ blob }) => blob));
    for (const blob of this.#drawn.keys()) if (!shown.has(blob)) this.#forget(blob);
  }

  render() {
    const { client, room } = this;
    const list = client.attachments.list(room.id);
    return html`${list.length ? html`<ul class="tiles" aria-label=${t("files.attached")}>${repeat(list, ({ key }) => key, (one) => this.#tile(one))}</ul>` : nothing}
      <span class="visually-hidden" role="status">${this.#said(list)}</span>
      ${client.attachments.held(room.id) ? html`<p class="held">${icon("timer", "small")}<span>${t("files.held")}</span>
        <button type="button" class="link-button" @click=${() => client.attachments.release(room.id)}>${t("files.keepWriting")}</button></p>` : nothing}`;
  }

  #tile(attachment) {
    const { name, state, share, key } = attachment;
    const { attachments } = this.client;
    const failed = state === "failed";
    const final = failed && ["too_large", "bad_request"].includes(attachment.error.code);
    return html`<li class="tile ${state}">
      ${this.#sight(attachment)}
      <span class="about"><span class="name" dir="auto" title=${name}>${name}</span><small>${this.#state(attachment)}</small></span>
      ${failed && !final ? this.#button("refresh-cw", t("files.tryAgain", { name }), () => attachments.retry(this.room.id, key)) : nothing}
      ${this.#button("x", t(state === "done" || failed ? "files.remove" : "files.cancel", { name }), () => this.#remove(key))}
      ${state === "waiting" || state === "sending" ? html`<progress max="1" .value=${share} aria-label=${t("files.progress", { name })}></progress>` : nothing}
    </li>`;
  }

  #button(sign, label, act) {
    return html`<button type="button" class="icon-button" aria-label=${label} title=${label} @click=${act}>${icon(sign, "small")}</button>`;
  }

  #sight(attachment) {
    const source = attachment.file?.thumb ?? this.#draw(attachment);
    if (!source || this.broken.has(source)) return html`<span class="sign">${icon(iconOf(attachment))}</span>`;
    return html`<img class="sign" src=${source} alt="" decoding="async" @error=${() => (this.broken = new Set(this.broken).add(source))}>`;
  }

  #draw({ blob, type }) {
    if (!blob || !type.startsWith("image/") || blob.size > DRAWN) return null;
    if (!this.#drawn.has(blob)) this.#drawn.set(blob, URL.createObjectURL(blob));
    return this.#drawn.get(blob);
  }

  #forget(blob) {
    URL.revokeObjectURL(this.#drawn.get(blob));
    this.#drawn.delete(blob);
  }

  #state({ state, share, size, error }) {
    switch (state) {
      case "failed":
        return this.#reason(error);
      case "sending":
        return share < 1 ? t("files.partOf", { percent: Math.floor(share * 100), size: sizeText(size) }) : t("files.checking");
      case "waiting":
        return t(error || !this.client.connection.connected ? "files.waitingNetwork" : "files.waiting");
      default:
        return sizeText(size);
    }
  }

  #reason(error) {
    const { file_size: most } = this.client.limits;
    return error.code === "too_large" && error.field !== "quota" && most ? t("files.tooLarge", { size: sizeText(most) }) : errorText(error);
  }

  /** What a screen reader hears: when all of it is there, and what is not going to be; not every step. */
  #said(list) {
    const failed = list.filter(({ state }) => state === "failed");
    if (failed.length) return failed.map(({ name, error }) => `${name}: ${this.#reason(error)}`).join(" ");
    const left = list.filter(({ state }) => state !== "done").length;
    if (left) return t("files.uploading", { count: left });
    return list.length ? t("files.ready", { count: list.length }) : "";
  }

  async #remove(key) {
    const { client, room } = this;
    const at = client.attachments.list(room.id).findIndex((one) => one.key === key);
    client.attachments.remove(room.id, key);
    await this.updateComplete;
    const left = this.querySelectorAll(".tile");
    const next = (left[at] ?? left[at - 1])?.querySelector(".icon-button:last-of-type") ?? this.closest("form").querySelector("textarea");
    next.focus({ preventScroll: true });
  }
}

customElements.define("hub-upload-tiles", HubUploadTiles);
