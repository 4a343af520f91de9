import { html } from "lit";

import { contentOf } from "../lib/files.js";
import { t } from "../lib/i18n.js";
import { download } from "../elements/shared/attachments.js";
import { HubElement } from "../elements/shared/element.js";
import { icon } from "../elements/shared/icon.js";

/** A picture of the conversation, as large as the window: left by Escape, its button, or a click beside it. */
export class HubHelpPicture extends HubElement {
  static properties = {
    file: { attribute: false },
    broken: { state: true },
  };

  constructor() {
    super();
    this.broken = false;
  }

  render() {
    const { file } = this;
    return html`<dialog class="help-picture" aria-label=${file.name} @close=${() => this.remove()} @click=${this.#clicked}>
      <header><b dir="auto">${file.name}</b>${download(file)}
        <button type="button" class="icon-button" aria-label=${t("help.closePicture")} title=${t("help.closePicture")} @click=${this.#close}>${icon("x")}</button></header>
      ${this.broken
        ? html`<p role="alert">${t("files.broken")}</p>`
        : html`<img src=${contentOf(file)} alt=${file.name} width=${file.width} height=${file.height} @error=${() => (this.broken = true)}>`}
    </dialog>`;
  }

  firstUpdated() {
    this.querySelector("dialog").showModal();
    this.querySelector("header > button").focus({ preventScroll: true });
  }

  #close() {
    // The browser gives the focus back to what has opened it.
    this.querySelector("dialog").close();
  }

  #clicked({ target }) {
    if (target.localName === "dialog") this.#close();
  }
}

customElements.define("hub-help-picture", HubHelpPicture);
