import { html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";

import { t } from "../lib/i18n.js";
import { watch } from "../lib/watch.js";
import { HubElement } from "./shared/element.js";
import { icon } from "./shared/icon.js";
import { answersVisitors, mayCreate, mayTalkTo } from "./shared/rights.js";
import { RoomDrag } from "./shared/room-drag.js";
import { sectionItems } from "./shared/section-menu.js";
import { openMenu } from "./hub-popup.js";
import "./hub-connection.js";
import "./hub-inbox-link.js";
import "./hub-jump.js";
import "./hub-me.js";
import "./hub-menu.js";
import "./hub-room-link.js";

const FOLDED = "hubbub.folded";
/** Up to this many rooms, the way to more of them stands below in words too. */
const FEW = 12;

/** The browser passes over a bunch that is not in view, which costs it some time for each: so there are few. */
const BUNCH = 25;

function bunches(rooms) {
  return Array.from({ length: Math.ceil(rooms.length / BUNCH) }, (_, at) => rooms.slice(at * BUNCH, (at + 1) * BUNCH));
}

function readFolded() {
  try {
    return new Set(JSON.parse(localStorage.getItem(FOLDED)) ?? []);
  } catch {
    return new Set();
  }
}

/** The server's name, the quick switcher, my rooms in groups, and me. */
export class HubSidebar extends HubElement {
  static properties = {
    client: { attribute: false },
    boot: { attribute: false },
    current: { attribute: false },
    panel: { attribute: false },
    folded: { state: true },
    jumping: { state: true },
  };

  #watch = watch(this);
  #stopCounting = () => {};

  constructor() {
    super();
    this.folded = readFolded();
    this.jumping = false;
    new RoomDrag(this);
    this.addEventListener("hub-jumping", (event) => {
      this.jumping = event.detail;
    });
  }

  connectedCallback() {
    super.connectedCallback();
    // Each room draws its own count; which rooms a folded group shows goes by all of them.
    this.#stopCounting = this.client.rooms.on("counts", () => this.folded.size && this.requestUpdate());
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#stopCounting();
  }

  willUpdate() {
    this.#watch.set(this.client, this.client.rooms);
  }

  async updated(changed) {
    if (!changed.has("current")) return;
    const link = [...this.querySelectorAll("hub-room-link")].find((one) => one.current);
    await link?.updateComplete;
    // Behind the frame in which the room appears, whose layout is done then.
    requestAnimationFrame(() => setTimeout(() => link?.scrollIntoView({ block: "nearest" })));
  }

  render() {
    const { client, boot } = this;
    return html`<nav class="sidebar-nav" aria-label=${t("sidebar.rooms")}>
      <div class="server">
        ${boot.logo ? html`<img class="mark" src=${`/logos/${boot.logo}-64.webp`} alt="">` : html`<span class="mark">${icon("message-square")}</span>`}
        <b dir="auto" title=${client.server}>${client.server}</b>
        <hub-menu .client=${client} .boot=${boot}></hub-menu>
      </div>
      <hub-jump .client=${client}></hub-jump>
      <hub-inbox-link .client=${client} .open=${this.panel === "inbox"} ?hidden=${this.jumping}></hub-inbox-link>
      <hub-reports-link .client=${client} .open=${this.panel === "reports"} ?hidden=${this.jumping}></hub-reports-link>
      ${answersVisitors(client) ? html`<hub-help-link .client=${client} .open=${this.panel === "help"} ?hidden=${this.jumping}></hub-help-link>` : nothing}
      <div class="rooms" tabindex="-1" ?hidden=${this.jumping}>${client.phase === "starting" ? this.#skeleton() : this.#groups()}</div>
    </nav>
    <div class="me"><hub-me .client=${client}></hub-me><hub-connection .client=${client}></hub-connection></div>`;
  }

  #groups() {
    const { me, rooms } = this.client;
    const open = (name) => () => this.tell("hub-dialog", { name });
    const named = rooms.groups.find(({ key }) => key === "named").rooms;
    const extras = {
      named: html`
        ${named.length > FEW ? this.#button("compass", t("sidebar.browse"), open("directory")) : nothing}
        ${mayCreate(me) ? this.#button("plus", t("sidebar.newRoom"), open("new-room")) : nothing}`,
      directs: mayTalkTo(me) ? this.#button("plus", t("sidebar.newDirect"), open("new-direct")) : undefined,
    };
    const below = html`
      ${rooms.next(null, 1) ? nothing : html`<p class="none">${t("sidebar.none")}</p>`}
      ${named.length > FEW ? nothing : html`<button type="button" class="room-link browse" @click=${open("directory")}>${icon("compass")}<span class="name">${t("sidebar.browse")}</span></button>`}`;
    return html`${repeat(rooms.groups, ({ key }) => key, (group) => html`
      ${group.section || group.key === "named" || group.rooms.length || extras[group.key] ? this.#group(group, extras[group.key]) : nothing}
      ${group.key === "named" ? below : nothing}`)}`;
  }

  #button(sign, label, act) {
    return html`<button type="button" class="icon-button" aria-label=${label} title=${label} @click=${act}>${icon(sign)}</button>`;
  }

  /** A folded group still shows what is unread and where I am. */
  #group({ key, section, rooms }, extra = nothing) {
    const label = section ?? t(`sidebar.${key === "named" ? "rooms" : key}`);
    const folded = this.folded.has(key);
    const shown = folded ? rooms.filter((room) => room.id === this.current || (room.unread && !room.muted)) : rooms;
    const menu = section && html`<button type="button" class="icon-button" aria-haspopup="menu" aria-expanded="false" aria-label=${t("section.menu", { name: section })} title=${t("section.menu", { name: section })}
      @click=${(event) => this.#menu(event.currentTarget, section)}>${icon("ellipsis")}</button>`;
    return html`<section class="room-group" aria-label=${label} data-group=${key}>
      <div class="group-head" @contextmenu=${section ? (event) => this.#contextMenu(event, section) : nothing}>
        <h2><button type="button" class="fold" aria-expanded=${folded ? "false" : "true"} @click=${() => this.#fold(key)}>
          <span dir="auto">${label}</span>${icon("chevron-down")}
        </button></h2>
        <span class="group-buttons">${menu ?? extra}</span>
      </div>
      <div role="list">
        ${bunches(shown).map((bunch) => html`<div class="bunch" role="none" .style=${`--rooms: ${bunch.length}`}>
          ${repeat(bunch, (room) => room.id, (room) => html`<hub-room-link role="listitem" .client=${this.client} .room=${room} .current=${room.id === this.current}></hub-room-link>`)}
        </div>`)}
        ${section && !rooms.length ? html`<p class="none" role="listitem">${t("section.nothing")}</p>` : nothing}
      </div>
    </section>`;
  }

  #menu(opener, section, point) {
    openMenu({ opener, label: section, items: sectionItems(this.client, section, (name, detail) => this.tell(name, detail)), point });
  }

  /** As a room's own; a key asks for it without a place. */
  #contextMenu(event, section) {
    event.preventDefault();
    const opener = event.currentTarget.querySelector("[aria-haspopup]");
    this.#menu(opener, section, event.button === 2 ? { x: event.clientX, y: event.clientY } : null);
  }

  #fold(key) {
    const folded = new Set(this.folded);
    if (!folded.delete(key)) folded.add(key);
    this.folded = folded;
    localStorage.setItem(FOLDED, JSON.stringify([...folded]));
  }

  #skeleton() {
    return html`<div class="room-skeleton" aria-hidden="true">${[52, 68, 44, 60, 38].map((width) => html`<i .style=${`inline-size: ${width}%`}></i>`)}</div>`;
  }
}

customElements.define("hub-sidebar", HubSidebar);
