import { html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";

import { errorText } from "../lib/errors.js";
import { t } from "../lib/i18n.js";
import { watch } from "../lib/watch.js";
import { own } from "../models/own-emoji.js";
import { ask } from "./hub-confirm.js";
import { HubDialog } from "./shared/dialog.js";
import { icon } from "./shared/icon.js";

const MOST_BYTES = 256 * 1024;

/** The server's own emoji: add one with a name and a picture, and remove them. */
export class HubOwnEmoji extends HubDialog {
  static properties = {
    client: { attribute: false },
    csrf: { attribute: false },
    error: { state: true },
    busy: { state: true },
  };

  closedBy = "closerequest";

  constructor() {
    super();
    this.error = null;
    this.busy = false;
    watch(this, own);
    own.need();
  }

  heading() {
    return t("ownEmoji.heading");
  }

  content() {
    const { list } = own;
    return html`<div class="content tall">
      <form class="add-emoji" @submit=${this.#add}>
        <label class="field"><span>${t("ownEmoji.name")}</span>
          <input class="input" name="name" required autocomplete="off" autocapitalize="none" spellcheck="false" minlength="2" maxlength="32" pattern="[a-z0-9][a-z0-9_+\\-]+" title=${t("ownEmoji.nameHint")} placeholder="party_boat"></label>
        <label class="field"><span>${t("ownEmoji.picture")}</span>
          <input class="input" name="picture" type="file" required accept="image/png,image/gif,image/webp,image/jpeg" @change=${this.#named}></label>
        <p class="hint">${t("ownEmoji.hint")}</p>
        ${this.error ? html`<p class="error" role="alert">${this.error}</p>` : nothing}
        <div class="buttons"><button class="button" ?disabled=${this.busy}>${t("ownEmoji.add")}</button></div>
      </form>
      ${list.length ? html`<ul class="own-list">${repeat(list, (one) => one.emoji, (one) => html`<li>
        <img class="own-emoji" src=${one.url} alt=""><code class="name">${one.emoji}</code>
        <button type="button" class="icon-button" aria-label=${t("ownEmoji.remove", { name: one.emoji })} title=${t("ownEmoji.remove", { name: one.emoji })} @click=${() => this.#remove(one)}>${icon("trash-2")}</button>
      </li>`)}</ul>` : html`<p class="none">${t("ownEmoji.none")}</p>`}
    </div>`;
  }

  /** The file's name is often what it is to be called. */
  #named(event) {
    const name = this.querySelector("[name=name]");
    const file = event.target.files[0];
    if (file && !name.value) name.value = file.name.replace(/\.[^.]*$/, "").toLowerCase().replace(/[^a-z0-9_+-]+/g, "_").replace(/^[_+-]+/, "").slice(0, 32);
  }

  async #add(event) {
    event.preventDefault();
    const form = event.target;
    const file = form.picture.files[0];
    this.error = null;
    if (file.size > MOST_BYTES) {
      this.error = t("ownEmoji.tooLarge");
      return;
    }
    this.busy = true;
    try {
      const answer = await fetch(`/emoji?name=${encodeURIComponent(form.elements.name.value)}`, { method: "POST", body: file, headers: { "X-CSRFToken": this.csrf } });
      const result = await answer.json();
      if (result.ok) form.reset();
      else this.error = problem(result.error);
    } catch {
      this.error = t("error.disconnected");
    }
    this.busy = false;
  }

  async #remove({ emoji }) {
    const sure = await ask({ heading: t("ownEmoji.removeHeading", { name: emoji }), text: t("ownEmoji.removeText"), confirm: t("ownEmoji.removeConfirm") });
    if (!sure) return;
    try {
      await this.client.removeEmoji(emoji.slice(1, -1));
    } catch (error) {
      this.error = errorText(error);
    }
  }
}

/** What is wrong, in the reader's language. */
function problem({ code, field }) {
  if (code === "too_large") return t("ownEmoji.tooLarge");
  if (code === "conflict") return t("ownEmoji.taken");
  if (code === "bad_request") return t(field === "name" ? "ownEmoji.nameHint" : "ownEmoji.badPicture");
  return errorText({ code });
}

customElements.define("hub-own-emoji", HubOwnEmoji);
