import { html, nothing } from "lit";
import { unsafeHTML } from "lit/directives/unsafe-html.js";

import { errorText } from "../lib/errors.js";
import { t } from "../lib/i18n.js";
import { clockTime, dayKey, dayLabel, fullTime } from "../lib/time.js";
import { watch } from "../lib/watch.js";
import { avatar } from "../elements/shared/avatar.js";
import { HubElement } from "../elements/shared/element.js";
import { icon } from "../elements/shared/icon.js";
import { attachments } from "../elements/shared/attachments.js";
import "../elements/hub-drop.js";
import "./hub-help-details.js";
import "./hub-help-field.js";
import "./hub-help-picture.js";
import "./hub-help-rating.js";

/** How near to its end the list counts as being there, in pixels. */
const NEAR = 40;
/** Of a picture in the list, in pixels: there is to be room for words beside it. */
const TALLEST = 220;
const HAPPENINGS = new Set(["assigned", "ended", "resolved", "resumed", "taken"]);

/** A visitor's conversation: who answers, what was said, and the field for writing. Event: "close-window". */
export class HubHelp extends HubElement {
  static properties = {
    model: { attribute: false },
    files: { attribute: false },
    framed: { attribute: false },
    /** Whether the conversation is being saved, or why it could not be. */
    saving: { state: true },
  };

  #watch = watch(this);
  #atEnd = true;
  #height = 0;
  #size = "";
  #entering = false;
  /** What comes and goes below the list, tiles of files and forms, takes room from it. */
  #sizes = new ResizeObserver(() => this.#follow());

  /** The element is in the page before its texts are. */
  shouldUpdate() {
    return Boolean(this.model);
  }

  willUpdate() {
    this.#watch.set(this.model);
  }

  /** The window has just been shown: whoever opened it wants to write, or to read the newest. */
  enter() {
    this.#entering = true;
    this.#atEnd = true;
    this.requestUpdate();
  }

  firstUpdated() {
    this.#sizes.observe(this.querySelector(".help-log"));
  }

  updated() {
    this.#follow();
    if (this.#entering) this.#enter();
  }

  /** A form that is done with goes, and whoever was in it goes on writing. */
  async #toField() {
    this.requestUpdate();
    await this.updateComplete;
    const field = this.querySelector("hub-help-field");
    await field?.updateComplete;
    field?.querySelector("textarea")?.focus();
  }

  /** What is asked for first is known with the welcome; until then, it is the field for writing. */
  async #enter() {
    if (this.model.welcome) this.#entering = false;
    await Promise.all([...this.querySelectorAll("hub-help-details, hub-help-field")].map((part) => part.updateComplete));
    const first = this.model.required.length ? "hub-help-details input" : "hub-help-field textarea";
    this.querySelector(first)?.focus();
  }

  render() {
    const { model } = this;
    return html`${this.#head()}
      <div class="help-line" role="status">${this.#line()}</div>
      <main @details-done=${() => this.#toField()} @hub-attach=${({ detail }) => this.querySelector("hub-help-field")?.attach(detail)}>
        <div class="help-log" role="log" tabindex="0" aria-label=${t("help.messages")} @scroll=${(event) => this.#scrolled(event.target)}>
          ${model.more ? html`<button type="button" class="link-button" @click=${() => this.#earlier()}>${t("help.earlier")}</button>` : nothing}
          <div class="help-message theirs"><div class="body greeting">${this.#greeting()}</div></div>
          ${this.#messages()}${model.pending.map((entry) => this.#waiting(entry))}
        </div>
        <div class="help-typing">${model.typing.length ? t("help.typing", { name: model.typing[0] }) : nothing}</div>
        ${model.conversation?.state === "resolved" ? html`<hub-help-rating .model=${model} .conversation=${model.conversation}></hub-help-rating>` : nothing}
        <hub-help-details .model=${model}></hub-help-details>
        ${model.required.length ? nothing : html`<hub-help-field .model=${model} .files=${this.files} .live=${model.connection.connected}></hub-help-field>`}
        <hub-drop .may=${() => this.files.may} .label=${t("help.dropHere")}></hub-drop>
      </main>`;
  }

  #head() {
    const { model } = this;
    const { conversation, welcome } = model;
    const agent = conversation?.agent;
    return html`<header>
      ${agent ? avatar(withId(agent)) : html`<span class="help-sign">${icon("message-square")}</span>`}
      <div>
        <h1 dir="auto">${welcome?.site ?? document.title}</h1>
        <p>${this.#state(agent)}</p>
      </div>
      ${model.messages.length ? html`<button type="button" class="icon-button" aria-label=${t("help.save")} title=${t("help.save")} aria-disabled=${this.saving === true ? "true" : nothing} @click=${() => this.#save()}>${icon("download")}</button>` : nothing}
      ${this.framed ? html`<button type="button" class="icon-button" aria-label=${t("help.close")} @click=${() => this.tell("close-window")}>${icon("x")}</button>` : nothing}
    </header>`;
  }

  #state(agent) {
    const { agentsOnline, conversation, position, welcome } = this.model;
    if (agent && conversation.state === "open") return t("help.with", { name: agent.name });
    if (welcome?.here === false) return nothing;
    if (agentsOnline === 0) return t("help.nobody");
    if (conversation?.state === "waiting") {
      if (position === null) return t("help.waiting");
      return position === 0 ? t("help.positionNext") : t("help.position", { count: position });
    }
    return t("help.open");
  }

  /** Where the connection stands, once it has been gone for a while. */
  #line() {
    const { connection } = this.model;
    const ended = connection.state === "refused" || connection.state === "ended";
    if (!ended && (connection.connected || !connection.troubled)) return this.saving?.code ? html`<span>${t("help.saveFailed")} ${errorText(this.saving)}</span>` : nothing;
    const text = ended ? errorText({ code: connection.reason ?? "unavailable", message: connection.reasonText }) : t("help.noConnection");
    return html`${icon("wifi-off", "small")}<span>${text}</span>`;
  }

  #greeting() {
    const { welcome } = this.model;
    if (welcome?.here === false) return welcome.look.away || t("help.away");
    return welcome?.look.greeting || t("help.greeting");
  }

  #messages() {
    const { messages } = this.model;
    return messages.map((message, at) => {
      const before = messages[at - 1];
      const day = !before || dayKey(before.created_at) !== dayKey(message.created_at);
      const first = day || before.kind !== "text" || before.mine !== message.mine || before.agent?.name !== message.agent?.name;
      return html`${day ? html`<p class="help-day"><time datetime=${message.created_at}>${dayLabel(message.created_at)}</time></p>` : nothing}${this.#message(message, first)}`;
    });
  }

  #message(message, first) {
    if (message.kind === "system") return this.#happened(message);
    const who = message.mine ? t("help.you") : message.agent.name;
    return html`<div class="help-message ${message.mine ? "mine" : "theirs"}">
      ${first && !message.mine ? html`<p class="by">${avatar(withId(message.agent), "small")}<b dir="auto">${who}</b></p>` : html`<span class="visually-hidden">${who}</span>`}
      ${this.#quoted(message)}
      ${message.deleted ? html`<div class="body gone">${t("help.deleted")}</div>` : message.html ? html`<div class="body" dir="auto">${unsafeHTML(message.html)}</div>` : nothing}
      ${message.deleted ? nothing : this.#files(message.files)}
      <p class="help-when"><time datetime=${message.created_at} title=${fullTime(message.created_at)}>${clockTime(message.created_at)}</time>${message.edited_at ? html` · ${t("help.edited")}` : nothing}${message.mine ? html` · ${t("help.sent")}` : nothing}</p>
    </div>`;
  }

  /** What the message answers, where that is shown here too. */
  #quoted({ reply_to: id, deleted }) {
    const answered = id && !deleted ? this.model.message(id) : null;
    return answered && !answered.deleted ? html`<p class="quote" dir="auto">${answered.text}</p>` : nothing;
  }

  /** What has become of the conversation, as far as it is the visitor's business. */
  #happened({ agent, happening }) {
    if (!HAPPENINGS.has(happening?.what)) return nothing;
    return html`<p class="help-day">${t(`help.system.${happening.what}`, { name: agent?.name ?? "", value: happening.value })}</p>`;
  }

  #waiting(entry) {
    const { model } = this;
    return html`<div class="help-message mine ${entry.state === "failed" ? "failed" : "pending"}">
      <span class="visually-hidden">${t("help.you")}</span>
      ${entry.text.trim() ? html`<div class="body plain" dir="auto">${entry.text}</div>` : nothing}
      ${this.#files(entry.files)}
      ${entry.state === "failed"
        ? html`<p class="help-when fail"><span>${t("help.failed")}. ${errorText(entry.error)}</span>
            <button type="button" class="link-button" @click=${() => model.retry(entry.cid)}>${t("help.tryAgain")}</button>
            <button type="button" class="link-button" @click=${() => model.discard(entry.cid)}>${t("help.discard")}</button></p>`
        : html`<p class="help-when">${entry.state === "sent" ? t("help.sent") : t("help.sending")}</p>`}
    </div>`;
  }

  #files(files) {
    return attachments(files, { show: (file) => this.#show(file), redraw: () => this.requestUpdate(), tallest: TALLEST });
  }

  #show(file) {
    this.append(Object.assign(document.createElement("hub-help-picture"), { file }));
  }

  async #save() {
    if (this.saving === true) return;
    this.saving = true;
    try {
      const { keepFile, transcript } = await import("./transcript.js");
      const { model } = this;
      keepFile(await transcript({ site: model.welcome?.site ?? document.title, read: (before, limit) => model.read(before, limit) }));
      this.saving = null;
    } catch (error) {
      this.saving = { code: error.code ?? "disconnected", message: error.message };
    }
  }

  async #earlier() {
    try {
      await this.model.earlier();
    } catch {
      // The button is still there.
    }
  }

  /** What was scrolled before the list became another size says nothing of who reads it. */
  #scrolled(list) {
    const size = sizeOf(list);
    if (size === this.#size) this.#atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < NEAR;
    this.#size = size;
  }

  /** Who is at the end stays there; who reads further up keeps their place when earlier messages come above it. */
  #follow() {
    const list = this.querySelector(".help-log");
    if (!list) return;
    if (this.#atEnd) list.scrollTop = list.scrollHeight;
    else if (list.scrollTop < NEAR && list.scrollHeight > this.#height) list.scrollTop += list.scrollHeight - this.#height;
    this.#height = list.scrollHeight;
    this.#size = sizeOf(list);
  }
}

const sizeOf = ({ scrollHeight, clientHeight }) => `${scrollHeight} ${clientHeight}`;

/** Visitors are told no ids; the tile of who has no picture takes its colour from the name. */
function withId(agent) {
  return { ...agent, id: [...agent.name].reduce((sum, sign) => sum + sign.codePointAt(0), 0) };
}

customElements.define("hub-help", HubHelp);
