import { html } from "lit";

import { t } from "../lib/i18n.js";
import { HubElement } from "./shared/element.js";
import { icon } from "./shared/icon.js";
import { openMenu } from "./hub-popup.js";

const touch = matchMedia("(hover: none) and (pointer: coarse)");
/** What a phone offers: its camera, its pictures, everything. */
const SOURCES = [
  { name: "camera", sign: "camera", accept: "image/*", capture: "environment" },
  { name: "pictures", sign: "image", accept: "image/*,video/*", capture: null },
  { name: "choose", sign: "file", accept: "", capture: null },
];

/** The button that attaches files to what is being written. Tells `hub-attach` {files}. */
export class HubAttach extends HubElement {
  render() {
    return html`<button type="button" class="icon-button" aria-label=${t("files.attach")} title=${t("files.attach")} aria-haspopup=${touch.matches ? "menu" : "false"} @click=${this.#onClick}>${icon("paperclip")}</button>
      <input type="file" multiple hidden @change=${this.#onChange}>`;
  }

  #onClick({ currentTarget: opener }) {
    if (!touch.matches) return this.#choose(SOURCES.at(-1));
    openMenu({ opener, label: t("files.attach"), items: SOURCES.map((source) => ({ icon: source.sign, text: t(`files.${source.name}`), act: () => this.#choose(source) })) });
  }

  #choose({ accept, capture }) {
    const input = this.querySelector("input");
    input.accept = accept;
    if (capture) input.setAttribute("capture", capture);
    else input.removeAttribute("capture");
    input.click();
  }

  #onChange({ currentTarget: input }) {
    this.tell("hub-attach", { files: [...input.files] });
    // The same file may be chosen once more.
    input.value = "";
  }
}

customElements.define("hub-attach", HubAttach);
