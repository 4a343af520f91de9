import { html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";

import { errorText } from "../../lib/errors.js";
import { t } from "../../lib/i18n.js";
import { watch } from "../../lib/watch.js";
import { own } from "../../models/own-emoji.js";
import { ask } from "../hub-confirm.js";
import { HubDialog } from "../shared/dialog.js";
import { icon } from "../shared/icon.js";

const MOST_BYTES = 256 * 1024;

/** The server's own emoji: add one with a name and a picture, and remove them. */
export class HubOwnEmoji extends HubDialog {
  static properties = {
    client: { attribute: false },
    csrf: { attribute: false },
    error: { state: true },
    busy: { state: true },
    sample: { state: true },
  };

  closedBy = "closerequest";

  constructor() {
    super();
    this.error = null;
    this.busy = false;
    this.sample = null;
    watch(this, own);
    own.need();
  }

  heading() {
    return t("ownEmoji.heading");
  }

  content() {
    const { list } = own;
    return html`<div class="content tall">
      <form class="add-emoji" @submit=${this.#add} @reset=${this.#unshow}>
        <div class="field-row">
          <span class="label">${t("ownEmoji.picture")}</span>
          <div class="chosen">
            <span class="sample">${this.sample ? html`<img src=${this.sample} alt="">` : icon("image")}</span>
            <label class="button quiet small" for="emoji-picture">${t(this.sample ? "ownEmoji.chooseOther" : "ownEmoji.choose")}</label>
            <input class="visually-hidden" id="emoji-picture" name="picture" type="file" required accept="image/png,image/gif,image/webp,image/jpeg" @change=${this.#chosen}>
            <span class="hint">${t("ownEmoji.pictureHint")}</span>
          </div>
        </div>
        <div class="field-row">
          <label for="emoji-name">${t("ownEmoji.name")}</label>
          <input id="emoji-name" name="name" required autocomplete="off" autocapitalize="none" spellcheck="false" minlength="2" maxlength="32" pattern="[a-z0-9][a-z0-9_+\\-]+" title=${t("ownEmoji.nameHint")} placeholder="party_boat" aria-describedby="emoji-name-hint">
          <p class="hint" id="emoji-name-hint">${t("ownEmoji.hint")}</p>
        </div>
        ${this.error ? html`<p class="error" role="alert">${this.error}</p>` : nothing}
        <div class="buttons"><button class="button" ?disabled=${this.busy}>${t("ownEmoji.add")}</button></div>
      </form>
      ${list.length ? html`<ul class="own-list">${repeat(list, (one) => one.emoji, (one) => html`<li>
        <img class="own-emoji" src=${one.url} alt=""><code class="name">${one.emoji}</code>
        <button type="button" class="icon-button" aria-label=${t("ownEmoji.remove", { name: one.emoji })} title=${t("ownEmoji.remove", { name: one.emoji })} @click=${() => this.#remove(one)}>${icon("trash-2")}</button>
      </li>`)}</ul>` : html`<p class="none">${t("ownEmoji.none")}</p>`}
    </div>`;
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#unshow();
  }

  /** Show it as it will look; the file's name is often what it is to be called. */
  #chosen(event) {
    this.#unshow();
    const [file] = event.target.files;
    if (!file) return;
    this.sample = URL.createObjectURL(file);
    const name = this.querySelector("[name=name]");
    if (!name.value) name.value = file.name.replace(/\.[^.]*$/, "").toLowerCase().replace(/[^a-z0-9_+-]+/g, "_").replace(/^[_+-]+/, "").slice(0, 32);
  }

  #unshow() {
    URL.revokeObjectURL(this.sample);
    this.sample = null;
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
      const answer = await fetch(`/emoji?name=${encodeURIComponent(form.elements.name.value)}`, { method: "POST", body: file, headers: { Accept: "application/json", "X-CSRFToken": this.csrf } });
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
      await own.remove(emoji.slice(1, -1));
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
