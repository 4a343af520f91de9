import { html, nothing } from "lit";

import { t } from "../lib/i18n.js";
import { watch } from "../lib/watch.js";
import { ask } from "./hub-confirm.js";
import { attempt } from "./shared/attempt.js";
import { HubElement } from "./shared/element.js";
import { icon } from "./shared/icon.js";

/** The gear beside the server's name: what is done on other pages, and signing out. */
export class HubMenu extends HubElement {
  static properties = {
    client: { attribute: false },
    boot: { attribute: false },
  };

  #watch = watch(this);

  willUpdate() {
    this.#watch.set(this.client);
  }

  render() {
    const { urls, csrf } = this.boot;
    return html`
      <button type="button" class="icon-button" popovertarget="hub-menu-list" aria-label=${t("menu.open")} title=${t("menu.open")}>${icon("settings")}</button>
      <div class="menu-list" id="hub-menu-list" popover>
        ${urls.invites ? html`<a href=${urls.invites}>${icon("user-plus")}${t("menu.invites")}</a>` : nothing}
        <a href=${urls.settings}>${icon("settings")}${t("menu.settings")}</a>
        ${this.boot.staff ? html`<button type="button" data-dialog="own-emoji" @click=${this.#ownEmoji}>${icon("smile-plus")}${t("menu.ownEmoji")}</button>` : nothing}
        <button type="button" @click=${this.#readAll}>${icon("check-check")}${t("menu.readAll")}</button>
        <button type="button" aria-pressed=${this.client.choices.density === "compact" ? "true" : "false"} @click=${this.#density}>${icon("rows-3")}${t("menu.compact")}${this.client.choices.density === "compact" ? icon("check", "chosen") : nothing}</button>
        <button type="button" data-dialog="keyboard-shortcuts" @click=${this.#shortcuts}>${icon("keyboard")}${t("menu.shortcuts")}</button>
        <hr>
        <form method="post" action=${urls.signout} @submit=${this.#signOut}>
          <input type="hidden" name="csrf_token" value=${csrf}>
          <button>${icon("log-out")}${t("menu.signOut")}</button>
        </form>
      </div>`;
  }

  /** A guest has no password to come back with. */
  async #signOut(event) {
    if (this.boot.user.role !== "guest") return;
    event.preventDefault();
    const form = event.target;
    const question = { heading: t("menu.guestLeaves"), text: t("menu.guestLeavesText"), confirm: t("menu.signOut") };
    if (await ask(question)) form.submit();
  }

  #readAll() {
    this.querySelector("[popover]").hidePopover();
    this.tell("hub-read-all");
  }

  #density() {
    const { choices } = this.client;
    attempt(() => choices.setDensity(choices.density === "compact" ? "comfortable" : "compact"));
  }

  #ownEmoji() {
    this.querySelector("[popover]").hidePopover();
    this.tell("hub-dialog", { name: "own-emoji" });
  }

  #shortcuts() {
    this.querySelector("[popover]").hidePopover();
    this.tell("hub-dialog", { name: "shortcuts" });
  }
}

customElements.define("hub-menu", HubMenu);
