import { html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";

import { t } from "../lib/i18n.js";
import { emojiUsed, loadEmoji, recentEmoji, search, setSkinTone, skinTone, toned } from "../models/emoji.js";
import { own } from "../models/own-emoji.js";
import { drawable } from "./shared/drawable.js";
import { HubElement } from "./shared/element.js";
import { glyph } from "./shared/glyph.js";
import { icon } from "./shared/icon.js";
import { holderOf, isSheet, placeBeside } from "./shared/popover.js";

const HAND = { emoji: "✋", tones: ["✋🏻", "✋🏼", "✋🏽", "✋🏾", "✋🏿"] };
/** What stands for each of Unicode's groups; the third one holds parts of other emoji. */
const SIGNS = { 0: "😀", 1: "👋", 3: "🐻", 4: "🍕", 5: "✈️", 6: "⚽", 7: "💡", 8: "🔣", 9: "🏁" };
const RECENT = 18;

let open = null;

/**
 * Open the picker beside `anchor`.
 *
 * @returns {Promise<string | null>} the emoji, or null when it was closed without; rejects when there is nothing to choose from
 */
export async function pickEmoji(anchor) {
  await Promise.all([loadEmoji(), own.need()]);
  open?.close();
  const picker = document.createElement("hub-emoji-picker");
  open = picker;
  holderOf(anchor).append(picker);
  await picker.updateComplete;
  picker.show(anchor);
  return new Promise((settle) => {
    let chosen = null;
    picker.addEventListener("hub-emoji", ({ detail }) => {
      chosen = detail.emoji;
    });
    picker.addEventListener("hub-done", () => {
      picker.remove();
      if (open === picker) open = null;
      settle(chosen);
    });
  });
}

/**
 * All emoji by group, with a search over their names; arrow keys move, Enter chooses. Tells `hub-emoji` {emoji} and then
 * `hub-done`, or `hub-done` alone.
 */
export class HubEmojiPicker extends HubElement {
  static properties = {
    list: { state: true },
    query: { state: true },
    tone: { state: true },
    group: { state: true },
  };

  #recent = recentEmoji(RECENT);

  constructor() {
    super();
    this.list = [];
    this.query = "";
    this.tone = skinTone();
    this.group = null;
    loadEmoji().then((list) => {
      this.list = [...own.list, ...list.filter((one) => drawable(one))];
    });
  }

  show(anchor) {
    const popover = this.querySelector("[popover]");
    popover.showPopover();
    placeBeside(popover, anchor);
    // On a phone the field would call up the keyboard over the sheet.
    (isSheet() ? this.querySelector(".tabs button") : this.querySelector("input")).focus();
  }

  close() {
    this.querySelector("[popover]")?.hidePopover();
  }

  render() {
    const found = this.query.trim() ? search(this.list, this.query) : null;
    return html`<div class="emoji-picker popup" popover role="dialog" aria-label=${t("emoji.label")} @toggle=${this.#onToggle} @keydown=${this.#onKey}>
      <div class="search">${icon("search")}<input type="search" class="input" autocomplete="off" spellcheck="false" enterkeyhint="done"
        aria-label=${t("emoji.search")} placeholder=${t("emoji.search")} @input=${this.#onInput}></div>
      <nav aria-label=${t("emoji.groups")}><div class="tabs">
        ${this.#signs().map(([group, sign]) => html`<button type="button" aria-label=${t(`emoji.group.${group}`)} title=${t(`emoji.group.${group}`)}
          aria-pressed=${String(this.group === group)} @click=${() => this.#goTo(group)}>${sign}</button>`)}
      </div></nav>
      <div class="all" tabindex="-1" @scroll=${this.#onScroll} @click=${this.#onClick} @pointerover=${this.#onPoint} @focusin=${this.#onPoint}>
        ${found ? this.#found(found) : this.#groups()}
      </div>
      <div class="foot">
        <span class="named" aria-hidden="true"></span>
        <div class="tones" role="radiogroup" aria-label=${t("emoji.tone")}>
          ${[0, 1, 2, 3, 4, 5].map((tone) => html`<button type="button" role="radio" aria-checked=${String(this.tone === tone)} tabindex=${this.tone === tone ? 0 : -1}
            aria-label=${t(`emoji.tone.${tone}`)} title=${t(`emoji.tone.${tone}`)} @click=${() => this.#setTone(tone)}>${toned(HAND, tone)}</button>`)}
        </div>
      </div>
      <span class="visually-hidden" role="status">${found ? t("emoji.found", { count: found.length }) : ""}</span>
    </div>`;
  }

  updated() {
    // One of them is a stop for Tab; arrow keys lead to the others.
    const first = this.querySelector(".all button");
    if (first && !this.querySelector('.all button[tabindex="0"]')) first.tabIndex = 0;
  }

  /** What leads to each group; the first of the server's own emoji stands for all of them. */
  #signs() {
    const first = this.list.find((one) => one.group === "own");
    return [...(first ? [["own", glyph(first.emoji)]] : []), ...Object.entries(SIGNS)];
  }

  #found(found) {
    if (!found.length) return html`<p class="none">${t("emoji.nothing", { query: this.query.trim() })}</p>`;
    return this.#section("found", t("emoji.results"), found);
  }

  #groups() {
    const known = new Map(this.list.flatMap((one) => [one.emoji, ...one.tones].map((emoji) => [emoji, { ...one, emoji, tones: [] }])));
    const recent = this.#recent.map((emoji) => known.get(emoji)).filter(Boolean);
    return html`${recent.length ? this.#section("recent", t("emoji.recent"), recent) : nothing}
      ${this.#ownGroup()}
      ${Object.keys(SIGNS).map((group) => this.#section(group, t(`emoji.group.${group}`), this.list.filter((one) => one.group === Number(group))))}`;
  }

  #ownGroup() {
    const list = this.list.filter((one) => one.group === "own");
    return list.length ? this.#section("own", t("emoji.group.own"), list) : nothing;
  }

  #section(key, heading, list) {
    return html`<section data-group=${key} aria-label=${heading}>
      <h3 aria-hidden="true">${heading}</h3>
      <div class="grid">${repeat(list, (one) => one.emoji, (one) => {
        const emoji = toned(one, this.tone);
        return html`<button type="button" tabindex="-1" data-emoji=${emoji} aria-label=${one.name} title=${one.name}>${glyph(emoji)}</button>`;
      })}</div>
    </section>`;
  }

  #onToggle(event) {
    if (event.newState === "closed") this.tell("hub-done");
  }

  #onInput(event) {
    this.query = event.target.value;
    this.querySelector(".all").scrollTop = 0;
  }

  #onScroll() {
    const all = this.querySelector(".all");
    const top = all.getBoundingClientRect().top + 24;
    const shown = [...all.querySelectorAll("section")].findLast((section) => section.getBoundingClientRect().top <= top);
    this.group = shown?.dataset.group ?? null;
  }

  #goTo(group) {
    this.query = "";
    this.querySelector("input").value = "";
    this.updateComplete.then(() => {
      const section = this.querySelector(`[data-group="${group}"]`);
      section.scrollIntoView({ block: "start" });
      this.group = group;
    });
  }

  #setTone(tone) {
    this.tone = tone;
    setSkinTone(tone);
  }

  #onClick(event) {
    const { emoji } = event.target.closest("button")?.dataset ?? {};
    if (emoji) this.#choose(emoji);
  }

  #choose(emoji) {
    emojiUsed(emoji);
    this.tell("hub-emoji", { emoji });
    this.close();
  }

  #onPoint(event) {
    const button = event.target.closest("button");
    this.querySelector(".named").textContent = button?.title ?? "";
  }

  #onKey(event) {
    if (event.isComposing || event.keyCode === 229) return;
    const { target, key } = event;
    if (key === "Escape") {
      // A search field would be emptied first.
      event.preventDefault();
      this.close();
    } else if (target.matches("input")) {
      const first = this.querySelector(".all button");
      if (key === "ArrowDown" && first) this.#focus(first, event);
      else if (key === "Enter" && this.query.trim() && first) this.#choose(first.dataset.emoji, event.preventDefault());
    } else if (target.closest(".tones")) {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[key];
      if (!step) return;
      event.preventDefault();
      this.#setTone((this.tone + step + 6) % 6);
      this.updateComplete.then(() => this.querySelector('.tones [tabindex="0"]').focus());
    } else if (target.closest(".all")) {
      this.#move(event);
    }
  }

  /** Arrow keys in the grid: up and down go to the nearest button of the next row, whatever section it is in. */
  #move(event) {
    const buttons = [...this.querySelectorAll(".all button")];
    const at = buttons.indexOf(event.target);
    const steps = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: buttons.length - 1 };
    if (event.key in steps) {
      if (buttons[steps[event.key]]) this.#focus(buttons[steps[event.key]], event);
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const next = rowBeyond(buttons, at, event.key === "ArrowDown" ? 1 : -1);
      this.#focus(next ?? (event.key === "ArrowUp" ? this.querySelector("input") : event.target), event);
    }
  }

  #focus(element, event) {
    event.preventDefault();
    if (element.closest(".all")) {
      for (const other of this.querySelectorAll('.all button[tabindex="0"]')) other.tabIndex = -1;
      element.tabIndex = 0;
    }
    element.focus();
  }
}

customElements.define("hub-emoji-picker", HubEmojiPicker);

/** The button in the next row (`step` 1) or the one before (-1) that lies nearest by column. */
function rowBeyond(buttons, at, step) {
  const from = buttons[at].getBoundingClientRect();
  let best = null;
  let row = null;
  for (let index = at + step; buttons[index]; index += step) {
    const place = buttons[index].getBoundingClientRect();
    if (Math.abs(place.top - from.top) < 4) continue;
    row ??= place.top;
    if (Math.abs(place.top - row) >= 4) break;
    const distance = Math.abs(place.left - from.left);
    if (!best || distance < best.distance) best = { button: buttons[index], distance };
  }
  return best?.button ?? null;
}
