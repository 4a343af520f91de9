import { html, nothing } from "lit";

import { t } from "../lib/i18n.js";
import { MOST_SECONDS, Recording } from "../models/recording.js";
import { HubElement } from "./shared/element.js";
import { icon } from "./shared/icon.js";
import { toast } from "./hub-toast.js";

/** Why there is no microphone, by the name of what the browser says. */
const REASONS = { NotAllowedError: "refused", SecurityError: "refused", NotFoundError: "none", OverconstrainedError: "none" };
/** A word that was thrown away is soon said again. */
const WORTH_KEEPING = 5;
/** So shortly before its end, that is told. */
const SOON = 10;

/**
 * The button that records a voice message, and while it does, a line in place of the field. What was recorded is attached to what
 * is being written in its room. Tells `hub-recorded` {send, text}: whether all of that is to be sent now, or what went wrong.
 */
export class HubVoice extends HubElement {
  static properties = {
    client: { attribute: false },
    room: { attribute: false },
    /** @type {Recording | null} */
    recording: { state: true },
    begun: { state: true },
  };

  #room = null;
  // What nobody has stopped is in this page alone.
  #onLeave = (event) => this.recording && event.preventDefault();

  constructor() {
    super();
    this.recording = null;
    this.begun = false;
  }

  connectedCallback() {
    super.connectedCallback();
    addEventListener("beforeunload", this.#onLeave);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    removeEventListener("beforeunload", this.#onLeave);
    void this.#finish();
  }

  willUpdate(changed) {
    // Whoever looks into another room has said what they wanted to say here: it waits there, to be heard and sent.
    if (changed.has("room") && this.#room && this.#room !== this.room) void this.#finish();
    this.toggleAttribute("recording", this.begun);
  }

  render() {
    return html`${this.begun ? this.#recorder() : this.#button()}
      <span class="visually-hidden" role="status">${this.begun ? this.#said() : nothing}</span>`;
  }

  #button() {
    return html`<button type="button" class="icon-button" aria-label=${t("voice.record")} title=${t("voice.record")} aria-busy=${this.recording ? "true" : nothing} @click=${this.#start}>${icon("mic")}</button>`;
  }

  #recorder() {
    const { levels, seconds } = this.recording;
    return html`<div class="recorder" role="group" aria-label=${t("voice.heading")} @keydown=${this.#onKey}>
      <button type="button" class="icon-button" aria-label=${t("voice.discard")} title=${t("voice.discard")} @click=${this.#discard}>${icon("trash-2")}</button>
      <i class="dot" aria-hidden="true"></i>
      <span class="time" role="timer">${clock(seconds)}</span>
      <span class="levels" aria-hidden="true">${levels.map((level) => html`<i .style=${`block-size: ${Math.round(10 + level * 90)}%`}></i>`)}</span>
      <button type="button" class="icon-button stop" aria-label=${t("voice.stop")} title=${t("voice.stop")} @click=${() => this.#finish()}>${icon("square")}</button>
      <button type="button" class="send ready" aria-label=${t("voice.send")} title=${t("voice.send")} @click=${() => this.#finish({ send: true })}>${icon("arrow-up")}</button>
    </div>`;
  }

  #said() {
    const left = MOST_SECONDS - this.recording.seconds;
    return left <= SOON ? t("voice.soonOver", { count: SOON }) : t("voice.recording");
  }

  async #start() {
    if (this.recording) return;
    const recording = new Recording();
    this.recording = recording;
    this.#room = this.room;
    recording.on("change", () => this.requestUpdate());
    recording.on("full", () => void this.#finish());
    try {
      this.begun = await recording.start();
    } catch (error) {
      recording.drop();
      if (this.recording !== recording) return;
      this.#over();
      this.tell("hub-recorded", { text: t(`voice.trouble.${REASONS[error.name] ?? "other"}`) });
      return;
    }
    await this.updateComplete;
    this.querySelector(".stop")?.focus();
  }

  /** What was said is attached, or sent. */
  async #finish({ send = false } = {}) {
    const { recording } = this;
    const room = this.#room;
    if (!recording) return;
    this.#over();
    this.#attach(room, await recording.stop(), send);
  }

  #attach(room, file, send = false) {
    const over = file ? this.client.attachments.add(room.id, [{ blob: file, name: file.name }]) : 0;
    this.tell("hub-recorded", { send: send && !over, text: over ? t("files.tooMany", { count: this.client.limits.files }) : null });
  }

  async #discard() {
    const { recording } = this;
    const room = this.#room;
    const long = recording.seconds >= WORTH_KEEPING;
    this.#over();
    this.tell("hub-recorded", {});
    if (!long) return recording.drop();
    const file = await recording.stop();
    if (file) toast({ text: t("voice.discarded"), action: t("app.undo"), run: () => this.#attach(room, file) });
  }

  #over() {
    this.recording = null;
    this.begun = false;
    this.#room = null;
  }

  #onKey(event) {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    void this.#discard();
  }
}

/** "0:07" */
const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;

customElements.define("hub-voice", HubVoice);
