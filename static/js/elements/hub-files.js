import { html } from "lit";

import { t } from "../lib/i18n.js";
import { watch } from "../lib/watch.js";
import { HubElement } from "./shared/element.js";
import { icon } from "./shared/icon.js";
import { roomLabel } from "./shared/words.js";
import "./hub-file-list.js";

const AHEAD = 400;
const KINDS = ["pictures", "others"];

/** The panel beside the conversation with all files of a room: its pictures, or what else there is. */
export class HubFiles extends HubElement {
  static properties = {
    client: { attribute: false },
    room: { attribute: false },
    kind: { state: true },
  };

  #watch = watch(this);
  #covering = matchMedia("(width < 900px)");

  constructor() {
    super();
    this.kind = "pictures";
  }

  willUpdate(changed) {
    const { files } = this.room;
    this.#watch.set(files);
    if (changed.has("room") && !files.loaded && !files.loading) files.load();
    this.setAttribute("role", this.#covering.matches ? "main" : "complementary");
    this.setAttribute("aria-label", t("files.heading"));
  }

  render() {
    const { client, room, kind } = this;
    const heading = t("files.headingIn", { room: roomLabel(room) });
    return html`<div class="top">
        <button type="button" class="icon-button" aria-label=${t("files.back")} title=${t("files.back")} @click=${() => this.tell("hub-details", { open: true, at: ".top .close" })}>${icon("chevron-left")}</button>
        ${this.#covering.matches ? html`<h1 dir="auto">${heading}</h1>` : html`<h2 dir="auto">${heading}</h2>`}
        <button type="button" class="icon-button close" aria-label=${t("app.close")} title=${t("app.close")} @click=${() => this.tell("hub-details", { open: false })}>${icon("x")}</button>
      </div>
      <div class="kinds" role="group" aria-label=${t("files.kinds")}>${KINDS.map((name) => html`<button type="button" aria-pressed=${kind === name ? "true" : "false"} @click=${() => (this.kind = name)}>${t(`files.kind.${name}`)}</button>`)}</div>
      <div class="scroll" @scroll=${this.#fill}><hub-file-list .client=${client} .room=${room} .kind=${kind}></hub-file-list></div>`;
  }

  updated() {
    this.#fill();
  }

  /** Ask for more before the reader comes to the end of what is there. */
  async #fill() {
    await this.querySelector("hub-file-list").updateComplete;
    const box = this.querySelector(".scroll");
    const { files } = this.room;
    if (box && files.loaded && !files.error && box.scrollHeight - box.scrollTop - box.clientHeight < AHEAD) files.more();
  }
}

customElements.define("hub-files", HubFiles);
