import { html, nothing } from "lit";

import { pastedName } from "../lib/files.js";
import { t } from "../lib/i18n.js";
import { atRest, later } from "../lib/later.js";
import { canRecord } from "../lib/microphone.js";
import { countCharacters } from "../lib/text.js";
import { watch } from "../lib/watch.js";
import { secondsToWait } from "../models/slow-mode.js";
import { writing } from "../models/writing.js";
import { Countdown } from "./shared/countdown.js";
import { FrameElement } from "./shared/element.js";
import { openEmojiPicker } from "./shared/emoji.js";
import { pastedFiles } from "./shared/given-files.js";
import { icon } from "./shared/icon.js";
import { hasVoice, mayAttach } from "./shared/rights.js";
import { roomLabel } from "./shared/words.js";
import { formatOf, isComposing } from "./writing/composer-keys.js";
import { LineBreaks } from "./writing/line-breaks.js";
import { Replying } from "./writing/replying.js";
import { Sending } from "./writing/sending.js";
import { change, insert, selectedIn } from "./writing/text-field.js";
import { toast } from "./hub-toast.js";
import "./hub-attach.js";
import "./hub-format-bar.js";
import "./hub-typing.js";

const NEAR_THE_LIMIT = 500;
const GROWS_BY_ITSELF = CSS.supports("field-sizing", "content");
const touch = matchMedia("(hover: none) and (pointer: coarse)");

/** @type {typeof import("./composing.js") | null} */
let rest = null;
const loadRest = async () => (rest ??= await later(() => import("./composing.js")));

/** The field for writing. It takes text whatever the connection does: the outbox keeps it. */
export class HubComposer extends FrameElement {
  static properties = {
    client: { attribute: false },
    room: { attribute: false },
    length: { state: true },
    filled: { state: true },
  };

  #watch = watch(this);
  #stops = [];
  #replying = new Replying(this, () => this.#answer());
  #drawn = null;
  /** The field that has the draft. */
  #filled = null;
  #sending = new Sending(this, { field: () => this.#field, put: (text) => this.#put(text), replyTo: () => this.#replying.id, load: loadRest });
  #breaks = new LineBreaks({ field: () => this.#field, touch, send: () => this.#sending.send() });
  /** Seconds until slow mode lets me speak again. */
  #wait = 0;

  constructor() {
    super();
    this.length = 0;
    this.filled = false;
    new Countdown(this, () => this.#wait > 0);
  }

  connectedCallback() {
    super.connectedCallback();
    if (this.hasUpdated) this.#listen();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    for (const stop of this.#stops.splice(0)) stop();
  }

  firstUpdated() {
    this.#listen();
    // Early enough to be there when the line is gone.
    atRest(loadRest);
  }

  /** What is typed must meet the room that is open. */
  get urgent() {
    return this.room !== this.#drawn;
  }

  willUpdate(changed) {
    this.#drawn = this.room;
    this.#watch.set(this.room, writing, this.client.attachments, this.client.sanctions);
    if (changed.has("room")) this.#sending.notice = null;
    if (!hasVoice(this.client, this.room)) void loadRest().catch(() => {});
    this.#wait = this.room.archived ? 0 : secondsToWait(this.client, this.room);
  }

  render() {
    const { room, client } = this;
    if (room.archived) return html`<p class="joinbar">${t("composer.archived")}</p>`;
    if (!hasVoice(client, room)) return html`<hub-muted .client=${client} .room=${room}></hub-muted>`;
    const note = client.drafts.note(room.id);
    const label = note ? t("composer.note") : t("composer.label", { room: roomLabel(room) });
    const left = client.limits.text - this.length;
    const over = left < 0;
    const held = client.attachments.held(room.id);
    const ready = (this.filled || client.attachments.list(room.id).length > 0) && !over && !this.#wait && !this.#sending.busy && !held;
    return html`<form @submit=${this.#onSubmit} @hub-format=${(event) => this.#format(event.detail.name)} @hub-complete=${this.#onComplete}
        @hub-notice-done=${this.#onNoticeDone} @hub-send-plainly=${() => this.#sending.send({ plainly: true })} @hub-reply-dropped=${() => this.#replying.drop()} @hub-attach=${(event) => this.attach(event.detail)} @hub-send-at=${(event) => this.#sending.send({ at: event.detail.at })}>
        <hub-composer-notice .client=${client} .room=${room} .notice=${this.#sending.notice}></hub-composer-notice>
        <hub-scheduled-line .client=${client} .room=${room}></hub-scheduled-line>
        <div class="field ${note ? "among" : ""}">
          <hub-reply-banner .client=${client} .reply=${this.#replying.reply} .deleted=${this.#replying.deleted}></hub-reply-banner>
          <hub-upload-tiles .client=${client} .room=${room}></hub-upload-tiles>
          <textarea rows="1" ?readonly=${held} dir="auto" aria-label=${label} placeholder=${label} enterkeyhint=${touch.matches || !writing.enterSends ? "enter" : "send"} autocapitalize="sentences"
            aria-invalid=${over ? "true" : nothing} aria-describedby="composer-counter" aria-autocomplete="list"
            @input=${this.#onInput} @beforeinput=${(event) => this.#breaks.onBeforeInput(event)} @keydown=${this.#onKey} @keyup=${this.#onCaret} @click=${this.#look} @paste=${this.#onPaste} @focus=${() => void loadRest().catch(() => {})}
            @compositionstart=${() => this.#completion?.close?.()} @compositionend=${this.#look} @blur=${this.#onBlur}></textarea>
          <div class="bar">
            ${room.kind === "help" ? html`<hub-note-switch .client=${client} .room=${room}></hub-note-switch>` : nothing}
            ${mayAttach(client, room) && !note ? html`<hub-attach></hub-attach>` : nothing}
            ${mayAttach(client, room) && !note && canRecord() ? html`<hub-voice .client=${client} .room=${room} @hub-recorded=${this.#onRecorded}></hub-voice>` : nothing}
            <button type="button" class="icon-button emoji" aria-label=${t("composer.emoji")} title=${t("composer.emoji")} @click=${this.#pickEmoji}>${icon("smile")}</button>
            <hub-format-bar></hub-format-bar>
            <span class="counter ${over ? "over" : ""}" id="composer-counter" role="status">${left <= NEAR_THE_LIMIT ? this.#counter(left) : nothing}</span>
            ${this.#wait ? this.#countdown() : left <= NEAR_THE_LIMIT ? nothing : this.#hint()}
            ${room.kind === "help" ? nothing : html`<hub-send-later .client=${client} .ready=${this.filled && !over && !this.#sending.busy && !held}></hub-send-later>`}
            <button class="send ${ready ? "ready" : ""}" aria-label=${t("composer.send")} title=${t("composer.send")} aria-disabled=${this.#wait || this.#sending.busy || held ? "true" : nothing}
              @pointerdown=${(event) => event.preventDefault()}>${icon("arrow-up")}</button>
          </div>
          <hub-completion .client=${client} .room=${room}></hub-completion>
        </div>
      </form>
      <hub-typing .client=${client} .room=${room}></hub-typing>`;
  }

  updated(changed) {
    const before = changed.get("room");
    if (before) this.client.typing.stop(before.id);
    // The field may have given way to something, and be another one.
    if (this.#field === this.#filled && !changed.has("room")) return;
    this.#filled = this.#field;
    if (!this.#field) this.client.typing.stop(this.room.id);
    else this.#put(this.client.drafts.get(this.room.id));
  }

  /** Attach files to what is being written here. @param {{files: File[], folders?: boolean}} given what is no file can't be sent */
  attach({ files, folders = false }) {
    const { client, room } = this;
    if (!mayAttach(client, room)) return;
    if (client.drafts.note(room.id)) {
      toast({ text: t("composer.noteFiles") });
      return;
    }
    void loadRest().catch(() => {});
    const over = client.attachments.add(room.id, files.map((blob) => ({ blob, name: pastedName(blob) })));
    if (over) this.#sending.notice = { kind: "error", text: t("files.tooMany", { count: client.limits.files }) };
    else if (folders) this.#sending.notice = { kind: "error", text: t("files.noFolders") };
    // On a phone, the keyboard would come up over what was chosen.
    if (!touch.matches) this.#field.focus({ preventScroll: true });
  }

  #listen() {
    const { drafts } = this.client;
    this.#stops.push(
      this.client.on("said", ({ room }) => this.#said(room)),
      drafts.on("elsewhere", (room) => this.#draftedElsewhere(room)),
      ...["note", "reply"].map((event) => drafts.on(event, (room) => room === this.room.id && this.requestUpdate())),
    );
  }

  get #field() {
    return this.querySelector("textarea");
  }

  get #completion() {
    return this.querySelector("hub-completion");
  }

  #counter(left) {
    return left < 0 ? t("composer.over", { count: -left }) : t("composer.left", { count: left });
  }

  #countdown() {
    return html`<span class="countdown" role="timer" title=${t("composer.slowText", { count: this.room.slowMode })}>${icon("timer", "small")}${t("composer.slow", { count: this.#wait })}</span>`;
  }

  #hint() {
    return html`<button type="button" class="hint" title=${t("shortcuts.heading")} @click=${() => this.tell("hub-dialog", { name: "shortcuts" })}>${t(writing.enterSends ? "composer.hint" : "composer.hintSwapped")}</button>`;
  }

  #put(text) {
    this.#field.value = text;
    this.#measure();
    this.#completion?.close?.();
  }

  /** Another tab has changed the draft, and nothing was typed here since. */
  #draftedElsewhere(room) {
    if (room === this.room.id && this.#field) this.#put(this.client.drafts.get(room));
  }

  /** What waited for its files is sent. */
  #said(room) {
    if (room !== this.room.id || !this.#field) return;
    this.#put(this.client.drafts.get(room));
    this.tell("hub-sent");
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

  #onInput(event) {
    const { value } = this.#field;
    this.client.drafts.set(this.room.id, value);
    // A command is nobody else's business, and of a note the visitor is not to know.
    if (value.startsWith("/") || this.client.drafts.note(this.room.id)) this.client.typing.stop(this.room.id);
    else this.client.typing.input(this.room.id, value);
    this.#sending.typed();
    this.#measure();
    if (!event.isComposing) this.#look();
  }

  #look() {
    this.#completion?.look?.(this.#field);
  }

  #onPaste(event) {
    const files = mayAttach(this.client, this.room) ? pastedFiles(event.clipboardData) : [];
    if (!files.length) return rest?.paste(event);
    event.preventDefault();
    this.attach({ files });
  }

  #onCaret(event) {
    if (["ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key) && !isComposing(event)) this.#look();
  }

  #onBlur() {
    this.client.typing.stop(this.room.id);
    this.#completion?.close?.();
  }

  #onKey(event) {
    if (isComposing(event) || this.#completion?.onKey?.(event)) return;
    const format = formatOf(event);
    if (format) {
      event.preventDefault();
      this.#format(format);
    } else if (event.key === "Enter") this.#breaks.onEnter(event);
    else if (event.key === "Escape") this.#onEscape(event);
    else if (event.key === "ArrowUp" && !this.#field.value && !event.shiftKey && !event.altKey && !event.ctrlKey && !event.metaKey) {
      // The message list says by preventDefault() that there is something to edit.
      if (!this.tell("hub-edit-last")) event.preventDefault();
    }
  }

  /** Before anything else, what stands at the field goes; only then does the page close things and mark as read. */
  #onEscape(event) {
    if (this.client.attachments.held(this.room.id)) this.client.attachments.release(this.room.id);
    else if (this.#sending.notice) this.#sending.notice = null;
    else if (this.#replying.reply) this.#replying.drop();
    else return;
    event.preventDefault();
  }

  async #format(name) {
    const { FORMATS } = await loadRest();
    change(this.#field, FORMATS[name](selectedIn(this.#field)));
  }

  async #pickEmoji(event) {
    const field = this.#field;
    const emoji = await openEmojiPicker(event.currentTarget);
    if (emoji && field.isConnected) insert(field, emoji);
  }

  #onComplete(event) {
    const { from, to, insert: word, whole } = event.detail;
    const gap = whole || /^\s/.test(this.#field.value.slice(to)) ? "" : " ";
    const end = from + word.length + (whole ? 0 : 1);
    change(this.#field, { from, to, insert: word + gap, start: end, end });
    this.#look();
  }

  #onNoticeDone(event) {
    this.#sending.notice = null;
    if (event.detail?.text) toast({ text: event.detail.text });
    this.#field.focus();
  }

  /** Somebody is answered, or is not any more: on with the text. */
  #answer() {
    void loadRest().catch(() => {});
    this.#field?.focus({ preventScroll: true });
  }

  /** On with the text, if nothing of it is to be sent now. */
  #onRecorded({ detail: { send = false, text = null } }) {
    if (text) this.#sending.notice = { kind: "error", text };
    if (send) this.#sending.send();
    if (!touch.matches) this.updateComplete.then(() => this.#field?.focus({ preventScroll: true }));
  }

  #onSubmit(event) {
    event.preventDefault();
    this.#sending.send();
    this.#field.focus();
  }
}

customElements.define("hub-composer", HubComposer);
