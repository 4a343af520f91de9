import { html, nothing } from "lit";

import { t } from "../lib/i18n.js";
import { watch } from "../lib/watch.js";
import { HubElement } from "./shared/element.js";
import { icon } from "./shared/icon.js";

/** The conversation's header: what room this is, who is in it, and the panel beside it. */
export class HubHeader extends HubElement {
  static properties = {
    client: { attribute: false },
    room: { attribute: false },
    detailsOpen: { attribute: false },
  };

  #watch = watch(this);

  willUpdate() {
    const { room } = this;
    this.#watch.set(room, room?.pins);
    if (room && !room.pins.loaded && !room.pins.loading && !room.pins.error) room.pins.load();
  }

  render() {
    const { room, client } = this;
    const menu = html`<button type="button" class="icon-button menu" aria-label=${t("header.menu")} @click=${() => this.tell("hub-menu")}>${icon("menu")}</button>`;
    if (!room) return html`${menu}<h1><span class="name" dir="auto">${client.server}</span></h1>`;
    const toggle = () => this.tell("hub-details");
    const members = t("header.members", { count: room.memberCount });
    return html`${menu}
      <h1>${room.kind === "direct" ? nothing : this.#sign(room)}<span class="name" dir="auto" title=${room.title}>${room.title}</span></h1>
      <span class="topic" dir="auto" title=${room.topic}>${room.topic}</span>
      <button type="button" class="people" aria-label=${members} title=${members} @click=${toggle}>${icon("users")}${room.memberCount}</button>
      ${this.#pins(room)}
      <button type="button" class="icon-button toggle-details" aria-pressed=${this.detailsOpen ? "true" : "false"} aria-label=${t("header.details")} title=${t("header.details")}
        @click=${toggle}>${icon("panel-right")}</button>`;
  }

  #pins({ pins }) {
    const count = pins.list.length;
    const label = t("header.pins", { count });
    return html`<button type="button" class="counted pins" aria-label=${label} title=${label} @click=${() => this.tell("hub-details", { open: true, at: "hub-pins .section" })}>
      ${icon("pin")}${count || nothing}</button>`;
  }

  #sign(room) {
    if (room.kind === "private") return html`${icon("lock")}<span class="visually-hidden">${t("room.private")}</span>`;
    return html`<span class="sign" aria-hidden="true">#</span>`;
  }
}

customElements.define("hub-header", HubHeader);
