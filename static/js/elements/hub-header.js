import { html, nothing } from "lit";

import { t } from "../lib/i18n.js";
import { watch } from "../lib/watch.js";
import { attempt } from "./shared/attempt.js";
import { face } from "./shared/avatar.js";
import { withPresence } from "./shared/avatar-presence.js";
import { FrameElement } from "./shared/element.js";
import { icon } from "./shared/icon.js";
import { LEVEL_ICONS, levelItems } from "./shared/room-menu.js";
import { statusLine } from "./shared/status.js";
import { openMenu } from "./hub-popup.js";
import "./hub-topic.js";

/** The conversation's header: what room this is, who is in it, what I want to hear of it, and the panels beside it. */
export class HubHeader extends FrameElement {
  static properties = {
    client: { attribute: false },
    room: { attribute: false },
    panel: { attribute: false },
  };

  #watch = watch(this);

  willUpdate() {
    const { room, client } = this;
    const direct = room?.kind === "direct";
    this.#watch.set(room, room?.pins, direct && client.people, direct && client.presence);
    if (room && !room.pins.loaded && !room.pins.loading && !room.pins.error) room.pins.load();
  }

  render() {
    const { room, client } = this;
    const menu = html`<button type="button" class="icon-button menu" aria-label=${t("header.menu")} @click=${() => this.tell("hub-menu")}>${icon("menu")}</button>`;
    if (!room) return html`${menu}<h1><span class="name" dir="auto">${client.server}</span></h1>`;
    return html`${menu}
      ${room.kind === "direct" ? this.#people() : this.#named()}
      ${this.#pins(room)}
      <button type="button" class="icon-button bell" aria-haspopup="menu" aria-expanded="false" aria-label=${t("header.bell", { level: t(`involvement.${room.involvement}`) })}
        title=${t(`involvement.${room.involvement}Text`)} @click=${this.#bell}>${icon(LEVEL_ICONS[room.involvement])}</button>
      ${this.#toggle("search", "search", t("header.search"))}
      ${this.#toggle("details", "panel-right", t("header.details"))}`;
  }

  #named() {
    const { room, client } = this;
    const members = t("header.members", { count: room.memberCount });
    return html`<h1>${this.#sign()}<span class="name" dir="auto" title=${room.title}>${room.title}</span></h1>
      ${this.#star()}
      ${room.kind === "help" ? html`<span class="topic"></span>` : html`<hub-topic id="header-topic" .client=${client} .room=${room}></hub-topic>`}
      <button type="button" class="people" aria-label=${members} title=${members} @click=${() => this.tell("hub-details")}>${icon("users")}${room.memberCount}</button>`;
  }

  /** A conversation is its people: each with presence, and what a single one says of themselves. */
  #people() {
    const { room, client } = this;
    const others = room.others.length ? room.others : [client.me.id];
    const people = others.map((id) => client.people.get(id));
    const words = room.others.length === 1 ? statusLine(people[0]) ?? t(`presence.${client.presence.statusOf(people[0].id)}`) : room.others.length ? t("header.members", { count: room.memberCount }) : t("direct.notes");
    return html`<span class="faces">${people.slice(0, 3).map((user) => withPresence(user, client.presence, "small", face))}</span>
      <h1>${room.others.length > 1
        ? html`<span class="name" dir="auto" title=${room.title}>${room.title}</span>`
        : html`<button type="button" class="name" dir="auto" title=${room.title} data-person=${others[0]}>${room.title}</button>`}</h1>
      ${this.#star()}
      <span class="topic" dir="auto">${words}</span>`;
  }

  #pins({ pins }) {
    const count = pins.list.length;
    const label = t("header.pins", { count });
    return html`<button type="button" class="counted pins" aria-label=${label} title=${label} @click=${() => this.tell("hub-details", { open: true, at: "hub-pins .section" })}>
      ${icon("pin")}${count || nothing}</button>`;
  }

  #sign() {
    if (this.room.kind === "help") return html`${icon("life-buoy")}<span class="visually-hidden">${t("sidebar.help")}</span>`;
    if (this.room.kind === "private") return html`${icon("lock")}<span class="visually-hidden">${t("room.private")}</span>`;
    return html`<span class="sign" aria-hidden="true">#</span>`;
  }

  #star() {
    const { room, client } = this;
    return html`<button type="button" class="icon-button star" aria-pressed=${room.starred ? "true" : "false"} aria-label=${t("room.star")} title=${t(room.starred ? "room.unstar" : "room.star")}
      @click=${() => attempt(() => client.roomActions.star(room.id, !room.starred))}>${icon("star")}</button>`;
  }

  #toggle(panel, sign, label) {
    return html`<button type="button" class="icon-button toggle-${panel}" aria-pressed=${this.panel === panel ? "true" : "false"} aria-label=${label} title=${label}
      @click=${() => this.tell(`hub-${panel}`)}>${icon(sign)}</button>`;
  }

  #bell(event) {
    openMenu({ opener: event.currentTarget, label: t("involvement.label"), items: levelItems(this.client, this.room) });
  }
}

customElements.define("hub-header", HubHeader);
