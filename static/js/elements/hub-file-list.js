import { html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";

import { errorText } from "../lib/errors.js";
import { sizeText } from "../lib/files.js";
import { t } from "../lib/i18n.js";
import { fullTime, shortTime } from "../lib/time.js";
import { watch } from "../lib/watch.js";
import { download, named, picture } from "./shared/attachments.js";
import { attempt } from "./shared/attempt.js";
import { HubElement } from "./shared/element.js";
import { icon } from "./shared/icon.js";
import { isPicture, picturesOf } from "./shared/pictures.js";

/** The pictures of a room as a grid, or its other files as a list; `most`: only the newest. */
export class HubFileList extends HubElement {
  static properties = {
    client: { attribute: false },
    room: { attribute: false },
    kind: { attribute: false },
    most: { attribute: false },
    broken: { state: true },
  };

  #watch = watch(this);

  constructor() {
    super();
    this.kind = "pictures";
    this.most = Infinity;
    this.broken = new Set();
  }

  willUpdate() {
    this.#watch.set(this.room.files, this.client.people);
  }

  render() {
    const { room, kind, most } = this;
    const { files } = room;
    const entries = files.list.filter(({ file }) => this.#isPicture(file) === (kind === "pictures")).slice(0, most);
    return html`${entries.length ? (kind === "pictures" ? this.#grid(entries) : this.#list(entries)) : nothing}
      ${most === Infinity ? this.#end(entries) : nothing}`;
  }

  #isPicture(file) {
    return isPicture(file) && !this.broken.has(file.id);
  }

  #grid(entries) {
    return html`<ul class="pictures">${repeat(entries, keyOf, (entry) => html`<li>${picture(entry.file, {
      show: () => this.#show(entry),
      failed: (file) => (this.broken = new Set(this.broken).add(file.id)),
    })}</li>`)}</ul>`;
  }

  #list(entries) {
    return html`<ul class="files">${repeat(entries, keyOf, (entry) => html`<li class="file">${this.#file(entry)}</li>`)}</ul>`;
  }

  #file({ file, seq, author, created_at: when }) {
    const name = this.client.people.get(author).name;
    return html`${named(file, html`${sizeText(file.size)} · <span dir="auto">${name}</span> · <time datetime=${when} title=${fullTime(when)}>${shortTime(when)}</time>`)}
      <button type="button" class="icon-button" aria-label=${t("files.toMessageOf", { name: file.name })} title=${t("files.toMessage")} @click=${() => this.tell("hub-show", { seq })}>${icon("message-square")}</button>
      ${download(file)}`;
  }

  #end(entries) {
    const { files } = this.room;
    if (files.error) return html`<p class="load-failed" role="alert">${errorText(files.error)} <button type="button" class="link-button" @click=${() => files.more()}>${t("app.tryAgain")}</button></p>`;
    if (files.hasMore) return html`<button type="button" class="button quiet small" ?disabled=${files.loading} @click=${() => files.more()}>${t("app.more")}</button>`;
    return files.loaded && !entries.length ? html`<p class="none">${t(this.kind === "pictures" ? "files.noPictures" : "files.noFiles")}</p>` : nothing;
  }

  #show({ message, file }) {
    const { client, room } = this;
    attempt(async () => {
      const { openLightbox } = await import("./hub-lightbox.js");
      await openLightbox({ client, room, message, file: file.id, pictures: picturesOf(client, room.files.list) });
    });
  }
}

const keyOf = ({ message, file }) => `${message}-${file.id}`;

customElements.define("hub-file-list", HubFileList);
