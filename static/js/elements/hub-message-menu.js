import { html, nothing } from "lit";

import { t } from "../lib/i18n.js";
import { emojiUsed, usedEmoji } from "../models/emoji-used.js";
import { attempt } from "./shared/attempt.js";
import { glyph } from "./shared/glyph.js";
import { HubElement } from "./shared/element.js";
import { openEmojiPicker } from "./shared/emoji.js";
import { icon } from "./shared/icon.js";
import { menuItemFor } from "./shared/menu-keys.js";
import { keyName, menuCommands } from "./shared/message-commands.js";
import { mayReact } from "./shared/rights.js";
import { holderOf, isSheet, placeBeside } from "./shared/popover.js";

const QUICK = 6;
const TOUCHES = ["pointerdown", "click"];

/**
 * Open the menu of a message beside `anchor`: `kind` "more" lists what the toolbar has not, "react" the emoji that I use most,
 * "all" everything. On phones it is a sheet at the bottom, which has everything but where it is only about emoji.
 *
 * @param {{client: object, room: object, message: object, row: HTMLElement}} about
 * @param {{kind: "more" | "react" | "all", anchor: HTMLElement, pressed?: boolean}} how `pressed` where a finger still rests on it
 * @returns {Promise<void>} settles when it has closed and what was chosen has begun
 */
export function openMessageMenu(about, { kind, anchor, pressed = false }) {
  const menu = document.createElement("hub-message-menu");
  Object.assign(menu, { about, pressed, kind: kind === "more" && isSheet() ? "all" : kind });
  holderOf(anchor).append(menu);
  return new Promise((settle) => {
    menu.addEventListener("hub-done", async () => {
      menu.remove();
      // The browser gives the focus back itself, but not from a sheet; and a dialog could not give it back to a button that goes with the pointer.
      const inPassing = document.activeElement === document.body || (menu.chosen && document.activeElement.closest(".tools"));
      if (inPassing) about.row.focus({ preventScroll: true });
      await menu.chosen?.(anchor);
      settle();
    });
    menu.updateComplete.then(() => menu.show(anchor));
  });
}

/** The menu of a message; arrow keys move in it. */
export class HubMessageMenu extends HubElement {
  static properties = {
    about: { attribute: false },
    kind: { attribute: false },
  };

  /** Whether the finger that opened this still rests where it was. */
  pressed = false;

  /**
   * The browser closes what pops up when a finger is lifted beside it, even from the press that opened it. The sheet closes
   * with a tap beside it, which does nothing else; the finger that opened it does nothing by being lifted, wherever that is.
   */
  #onTouch = (event) => {
    if (event.type === "pointerdown") this.pressed = false;
    else if (!this.contains(event.target) || (this.pressed && event.detail)) {
      event.preventDefault();
      event.stopPropagation();
      if (!this.pressed) this.close();
    }
  };

  get #manual() {
    return this.kind === "all";
  }

  /** What was chosen, to be done when the menu has closed and given the focus back. */
  chosen = null;

  disconnectedCallback() {
    super.disconnectedCallback();
    for (const type of TOUCHES) document.removeEventListener(type, this.#onTouch, { capture: true });
  }

  show(anchor) {
    const menu = this.querySelector("[popover]");
    menu.showPopover();
    placeBeside(menu, anchor, { align: "end" });
    this.#items[0]?.focus();
    if (!this.#manual) return;
    for (const type of TOUCHES) document.addEventListener(type, this.#onTouch, { capture: true });
  }

  close() {
    this.querySelector("[popover]").hidePopover();
  }

  render() {
    const { about, kind } = this;
    const { client, room, message } = about;
    const reacts = kind !== "more" && mayReact(client, room, message);
    const commands = kind === "react" ? [] : menuCommands(about, { everything: kind === "all" });
    return html`<div class="menu popup ${kind}" popover=${this.#manual ? "manual" : "auto"} role="menu" aria-label=${t(kind === "react" ? "message.react" : "message.more")}
        @toggle=${this.#onToggle} @keydown=${this.#onKey}>
      ${reacts ? this.#quick() : nothing}
      ${commands.map((command) => html`<button type="button" role="menuitem" tabindex="-1" data-command=${command.name} class=${command.danger ? "danger" : ""} @click=${() => this.#choose(() => command.run(about))}>
        ${icon(command.icon)}<span>${t(`message.${command.name}`, { count: about.message.files.length })}</span>${command.key ? html`<kbd aria-hidden="true">${keyName(command.key)}</kbd>` : nothing}
      </button>`)}
    </div>`;
  }

  get #items() {
    return [...this.querySelectorAll("[role=menuitem]")];
  }

  #quick() {
    const { client, message } = this.about;
    const mine = new Set(client.actions.reactions(message).filter(({ users }) => users.includes(client.me.id)).map(({ emoji }) => emoji));
    return html`<div class="quick" role="group" aria-label=${t("message.react")}>
      ${usedEmoji(QUICK).map((emoji) => html`<button type="button" role="menuitem" tabindex="-1" class="emoji ${mine.has(emoji) ? "mine" : ""}"
        aria-label=${t(mine.has(emoji) ? "reactions.takeBack" : "reactions.give", { emoji })} @click=${() => this.#choose(() => this.#react(emoji))}>${glyph(emoji)}</button>`)}
      <button type="button" role="menuitem" tabindex="-1" class="emoji" aria-label=${t("reactions.others")} title=${t("reactions.others")}
        @click=${() => this.#choose((anchor) => this.#reactOtherwise(anchor))}>${icon("smile-plus")}</button>
    </div>`;
  }

  #choose(run) {
    this.chosen = run;
    this.close();
  }

  #react(emoji) {
    const { client, message } = this.about;
    emojiUsed(emoji);
    attempt(() => client.actions.react(message, emoji));
  }

  async #reactOtherwise(anchor) {
    const { client, message } = this.about;
    const emoji = await openEmojiPicker(anchor);
    if (emoji) attempt(() => client.actions.react(message, emoji, true));
  }

  #onToggle(event) {
    if (event.newState === "closed") this.tell("hub-done");
  }

  #onKey(event) {
    if (event.key === "Tab" || event.key === "Escape") return this.close(event.preventDefault());
    const across = event.target.classList.contains("emoji") || this.kind === "react";
    const next = menuItemFor(event, this.#items, { across });
    if (!next) return;
    event.preventDefault();
    next.focus();
  }
}

customElements.define("hub-message-menu", HubMessageMenu);
