import { html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";

import { t } from "../lib/i18n.js";
import { Completions } from "../models/completions.js";
import { emojiUsed, findEmoji } from "../models/emoji.js";
import { commandBeingFilled } from "../models/slash.js";
import { avatar } from "./shared/avatar.js";
import { presenceDot } from "./shared/dot.js";
import { drawable } from "./shared/drawable.js";
import { HubElement } from "./shared/element.js";
import { glyph } from "./shared/glyph.js";
import { icon } from "./shared/icon.js";

const EMOJI = 8;
const STEPS = { ArrowDown: 1, ArrowUp: -1 };

/**
 * The list above the field that completes names, rooms, emoji, commands and canned answers. The field keeps the focus and passes on its keys;
 * its attributes say which one is picked. Tells `hub-complete` {from, to, insert, whole} when one was chosen; what is
 * `whole` needs nothing behind it.
 */
export class HubCompletion extends HubElement {
  static properties = {
    client: { attribute: false },
    room: { attribute: false },
    picked: { state: true },
    filled: { state: true },
  };

  #completions = null;
  #stop = null;
  #field = null;
  /** Key of the item that was moved to, null while the first is picked by itself. */
  #moved = null;

  constructor() {
    super();
    this.picked = 0;
    this.filled = null;
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#stop?.();
    this.#completions?.close();
    this.#completions = null;
  }

  willUpdate(changed) {
    if (changed.has("room")) this.close();
  }

  /** Call after every change of the text or the caret. */
  look(field) {
    if (!this.client) return;
    this.#listen();
    this.#field = field;
    const caret = field.selectionStart;
    this.#moved = null;
    this.filled = commandBeingFilled(field.value);
    if (caret !== field.selectionEnd) this.#completions.close();
    else this.#completions.look(this.room, field.value, caret);
  }

  close() {
    this.filled = null;
    this.#completions?.close();
  }

  /** @returns {boolean} whether the key was for the list */
  onKey(event) {
    const { items, token } = this.#completions ?? { items: [] };
    if (!items.length || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return false;
    if (event.key in STEPS) {
      this.picked = (this.picked + STEPS[event.key] + items.length) % items.length;
      this.#moved = items[this.picked].key;
    } else if (event.key === "Escape") this.#completions.dismiss();
    else if (event.key === "Tab" || event.key === "Enter") {
      const item = items[this.picked] ?? items[0];
      // A command that is typed to its end and needs nothing more is not to be completed but carried out.
      if (event.key === "Enter" && item.kind === "command" && !item.command.needed && token.query.toLowerCase() === item.command.name) {
        this.#completions.dismiss();
        return false;
      }
      this.#choose(item);
    } else return false;
    event.preventDefault();
    return true;
  }

  render() {
    const items = this.#completions?.items ?? [];
    return html`<div class="completion" ?hidden=${!items.length && !this.filled}>
        ${this.filled && !items.length ? this.#filling() : nothing}
        <ul id="composer-options" role="listbox" tabindex="0" aria-label=${t("completion.label")} ?hidden=${!items.length} @pointerdown=${(event) => event.preventDefault()}>
          ${repeat(items, (item) => item.key, (item, index) => this.#option(item, index))}
        </ul>
      </div>
      <span class="visually-hidden" role="status">${items.length ? t("completion.count", { count: items.length }) : ""}</span>`;
  }

  updated() {
    // Together with the list: not for a moment may the field name an option that is not there.
    const item = this.#completions?.items[this.picked];
    this.#name("aria-controls", item ? "composer-options" : null);
    this.#name("aria-activedescendant", item ? optionId(item) : null);
    this.querySelector(".picked")?.scrollIntoView({ block: "nearest" });
  }

  #listen() {
    if (this.#completions) return;
    this.#completions = new Completions(this.client, findDrawn);
    this.#stop = this.#completions.on("change", () => {
      // What comes late must not take away what somebody has moved to: Enter would choose another.
      this.picked = Math.max(0, this.#completions.items.findIndex((item) => item.key === this.#moved));
      this.requestUpdate();
    });
  }

  #name(attribute, id) {
    if (!this.#field || this.#field.getAttribute(attribute) === id) return;
    if (id) this.#field.setAttribute(attribute, id);
    else this.#field.removeAttribute(attribute);
  }

  #choose(item) {
    const { from, to } = this.#completions.token;
    if (item.kind === "emoji") emojiUsed(item.emoji);
    this.#completions.close();
    this.tell("hub-complete", { from, to, insert: item.insert, whole: item.kind === "answer" });
  }

  #filling() {
    const { name, args } = this.filled;
    return html`<p class="filling" role="status"><b>/${name}</b> ${args ? html`<span class="args">${t(`slash.${name}.args`)}</span>` : nothing}
      <small>${t(`slash.${name}.help`)}</small></p>`;
  }

  #option(item, index) {
    const picked = index === this.picked;
    return html`<li id=${optionId(item)} role="option" aria-selected=${picked ? "true" : "false"} class="of-${item.kind} ${picked ? "picked" : ""}"
      @click=${() => this.#choose(item)}>${VIEWS[item.kind](item, this)}</li>`;
  }
}

/** Emoji that this device can show. */
const findDrawn = async (query) => (await findEmoji(query, 2 * EMOJI)).filter(drawable).slice(0, EMOJI);

const optionId = (item) => `option-${item.key}`;

const VIEWS = {
  person: ({ user, outside }, { client, room }) => html`${avatar(user, "small")}<span class="name" dir="auto">${user.name}</span><small class="about">@${user.username}</small>
    ${presenceDot(client.presence.statusOf(user.id))}${outside ? html`<small class="outside">${t(room.kind === "direct" ? "completion.notHere" : "completion.notInRoom")}</small>` : nothing}`,
  call: ({ call }, { room }) => html`<span class="sign">${icon("megaphone")}</span><span class="name">@${call}</span><small class="about">${t(`completion.${call}`, { count: room.memberCount })}</small>`,
  room: ({ room, outside }) => html`<span class="sign">${icon(room.kind === "private" ? "lock" : "hash")}</span><span class="name" dir="auto">${room.name}</span><small class="about" dir="auto">${room.topic}</small>
    ${outside ? html`<small class="outside">${t("completion.notJoined")}</small>` : nothing}`,
  emoji: ({ emoji, name, shortcode }) => html`<span class="sign emoji">${glyph(emoji)}</span><span class="name">${name}</span><small class="about">:${shortcode}:</small>`,
  answer: ({ answer: { short, text } }) => html`<span class="name">/${short}</span><small class="about" dir="auto">${text}</small>`,
  command: ({ command: { name, args } }) => html`<span class="name">/${name}</span>${args ? html`<span class="args">${t(`slash.${name}.args`)}</span>` : nothing}<small class="about">${t(`slash.${name}.help`)}</small>`,
};

customElements.define("hub-completion", HubCompletion);
