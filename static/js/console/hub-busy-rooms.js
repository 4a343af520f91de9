import { html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";

import { errorText } from "../lib/errors.js";
import { t } from "../lib/i18n.js";
import { ago } from "../lib/time.js";
import { ask } from "../elements/hub-confirm.js";
import { toast } from "../elements/hub-toast.js";
import { HubElement } from "../elements/shared/element.js";
import { icon } from "../elements/shared/icon.js";
import { whole } from "./numbers.js";

const AGAIN = 60_000;

/** The rooms in which most was said lately; any of them can be closed. */
export class HubBusyRooms extends HubElement {
  static properties = {
    request: { attribute: false },
    live: { attribute: false },
    rooms: { state: true },
    error: { state: true },
  };

  #timer = null;

  constructor() {
    super();
    this.rooms = null;
    this.error = null;
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  willUpdate(changed) {
    if (changed.has("live") && this.live) this.#load();
  }

  render() {
    return html`<section class="panel" aria-labelledby="busy-title">
      <h2 id="busy-title">${t("console.busy")}</h2>
      ${this.error ? html`<p class="error" role="alert">${errorText(this.error)}</p>` : this.#list()}
    </section>`;
  }

  #list() {
    if (!this.rooms) return html`<p class="hint" role="status">${t("console.loading")}</p>`;
    if (!this.rooms.length) return html`<p class="empty">${icon("message-square")}<span>${t("console.quiet")}</span></p>`;
    return html`<div class="table"><table>
      <thead><tr>${["room", "messages", "authors", "members", "last"].map((name) => html`<th scope="col">${t(`console.column.${name}`)}</th>`)}<td></td></tr></thead>
      <tbody>${repeat(this.rooms, ({ id }) => id, (room) => this.#row(room))}</tbody>
    </table></div>`;
  }

  #row(room) {
    const act = room.archived ? "settings.reopen" : "settings.archive";
    return html`<tr>
        <th scope="row">${icon(room.kind === "private" ? "lock" : "hash", "small")}<span dir="auto">${room.name}</span>${room.archived ? html` <span class="tag">${t("directory.archived")}</span>` : nothing}</th>
        <td class="number" data-label=${t("console.column.messages")}>${whole(room.messages)}</td>
        <td class="number" data-label=${t("console.column.authors")}>${whole(room.authors)}</td>
        <td class="number" data-label=${t("console.column.members")}>${whole(room.members)}</td>
        <td data-label=${t("console.column.last")}><time datetime=${room.last_at}>${ago(room.last_at)}</time></td>
        <td class="acts"><button type="button" class="icon-button" aria-label=${t(act)} title=${t(act)} @click=${() => this.#archive(room)}>${icon(room.archived ? "archive-restore" : "archive")}</button></td>
      </tr>`;
  }

  async #archive({ id, name, archived }) {
    const sure = archived || (await ask({ heading: t("settings.archiveHeading", { room: `#${name}` }), text: t("settings.archiveSure"), confirm: t("settings.archive") }));
    if (!sure) return;
    try {
      await this.request("room_archive", { room: id, archived: !archived });
      this.rooms = this.rooms.map((room) => (room.id === id ? { ...room, archived: !archived } : room));
      toast({ text: t(archived ? "console.reopened" : "console.archived", { room: `#${name}` }) });
    } catch (error) {
      toast({ error });
    }
  }

  async #load() {
    clearTimeout(this.#timer);
    if (!this.live) return;
    try {
      this.rooms = (await this.request("room_activity", { hours: 24, limit: 10 })).rooms;
      this.error = null;
    } catch (error) {
      this.error = error.code === "disconnected" ? null : error;
    }
    this.#timer = setTimeout(() => this.#load(), AGAIN);
  }
}

customElements.define("hub-busy-rooms", HubBusyRooms);
