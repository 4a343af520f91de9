import { html, nothing } from "lit";

import { t } from "../lib/i18n.js";
import { watch } from "../lib/watch.js";
import { HubElement } from "./shared/element.js";
import { isPicture } from "./shared/pictures.js";
import "./hub-file-list.js";

const PICTURES = 6;
const FILES = 3;

/** The newest files of a room, among its details, and the way to all of them. */
export class HubFilesBrief extends HubElement {
  static properties = {
    client: { attribute: false },
    room: { attribute: false },
  };

  #watch = watch(this);

  willUpdate(changed) {
    const { files } = this.room;
    this.#watch.set(files);
    if (changed.has("room") && !files.loaded && !files.loading) files.load();
  }

  render() {
    const { client, room } = this;
    const { list, loaded, error } = room.files;
    if (!list.length && !client.features.includes("files")) return nothing;
    const pictures = list.filter(({ file }) => isPicture(file)).length;
    const more = pictures > PICTURES || list.length - pictures > FILES || room.files.hasMore;
    return html`<h2 class="section"><span>${t("files.heading")}</span>
        ${more ? html`<button type="button" class="link-button" @click=${() => this.tell("hub-files")}>${t("files.all")}</button>` : nothing}</h2>
      ${(loaded && !list.length) || error ? html`<p class="none">${t(error ? "files.notLoaded" : "files.none")}</p>` : nothing}
      <hub-file-list .client=${client} .room=${room} .kind=${"pictures"} .most=${PICTURES}></hub-file-list>
      <hub-file-list .client=${client} .room=${room} .kind=${"others"} .most=${FILES}></hub-file-list>`;
  }
}

customElements.define("hub-files-brief", HubFilesBrief);
