import { html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";

import { t } from "../lib/i18n.js";
import { HubElement } from "./shared/element.js";
import { icon } from "./shared/icon.js";
import { COMMAND } from "./shared/shortcuts.js";

const MOST = 50;

/** Rooms whose title has the words: those that begin with them first, then by title as they come. */
function matching(rooms, query) {
  const words = query.trim().replace(/^#/, "").toLocaleLowerCase();
  const titled = rooms.map((room) => ({ room, title: room.title.toLocaleLowerCase() }));
  const found = titled.filter(({ title }) => title.includes(words));
  found.sort((a, b) => b.title.startsWith(words) - a.title.startsWith(words));
  return found.slice(0, MOST).map(({ room }) => room);
}

/** The quick switcher: a field over the rooms that lists those with the typed words; arrow keys and Enter choose. */
export class HubJump extends HubElement {
  static properties = {
    client: { attribute: false },
    query: { state: true },
    picked: { state: true },
    open: { state: true },
  };

  constructor() {
    super();
    this.query = "";
    this.picked = 0;
    this.open = false;
  }

  render() {
    const results = this.open ? this.#results() : [];
    const pickedId = this.open && results[this.picked] ? `jump-${results[this.picked].key}` : nothing;
    return html`<div class="jump">
        ${icon("search")}
        <input type="text" role="combobox" autocomplete="off" spellcheck="false" enterkeyhint="go" aria-expanded=${this.open ? "true" : "false"}
          aria-controls="jump-list" aria-autocomplete="list" aria-activedescendant=${pickedId} aria-label=${t("sidebar.jump")}
          placeholder=${t("sidebar.jump")} .value=${this.query}
          @input=${this.#onInput} @keydown=${(event) => this.#onKey(event, results)} @blur=${() => this.#close()}>
        <kbd aria-hidden="true">${COMMAND} K</kbd>
      </div>
      <ul class="rooms jump-list" id="jump-list" role="listbox" aria-label=${t("sidebar.jump")} ?hidden=${!this.open}
        @pointerdown=${(event) => event.preventDefault()}>
        ${repeat(results, (result) => result.key, (result, index) => this.#option(result, index))}
      </ul>`;
  }

  updated(changed) {
    if (changed.has("open")) this.tell("hub-jumping", this.open);
    if (this.open) this.querySelector(".picked")?.scrollIntoView({ block: "nearest" });
  }

  #results() {
    const rooms = matching(this.client.rooms.all, this.query).map((room) => ({ key: room.id, room }));
    return [...rooms, { key: "browse", browse: true }];
  }

  #option({ key, room }, index) {
    const picked = index === this.picked;
    return html`<li id="jump-${key}" role="option" aria-selected=${picked ? "true" : "false"} class="room-link ${picked ? "picked" : ""} ${room?.unread && !room.muted ? "unread" : ""}"
      @click=${() => this.#choose({ room })}>
      ${icon(room ? { private: "lock", direct: "users" }[room.kind] ?? "hash" : "compass")}
      <span class="name" dir="auto">${room ? room.title : t("sidebar.browseFor", { query: this.query.trim() })}</span>
      ${room?.unread ? html`<span class="count">${room.unread}</span>` : nothing}
    </li>`;
  }

  #onInput(event) {
    this.query = event.target.value;
    this.picked = 0;
    this.open = this.query.trim() !== "";
  }

  #onKey(event, results) {
    if (event.isComposing || event.keyCode === 229) return;
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps && !event.altKey) {
      event.preventDefault();
      if (!this.open) {
        this.open = true;
        this.picked = 0;
        return;
      }
      this.picked = (this.picked + steps[event.key] + results.length) % results.length;
    } else if (event.key === "Enter" && this.open && results[this.picked]) {
      event.preventDefault();
      this.#choose(results[this.picked]);
    } else if (event.key === "Escape" && (this.open || this.query)) {
      event.preventDefault();
      this.#close();
    } else if (event.key === "Escape") {
      event.preventDefault();
      this.tell("hub-write");
    }
  }

  #choose({ room }) {
    const query = this.query.trim();
    this.#close();
    if (room) this.tell("hub-open", { room: room.id });
    else this.tell("hub-dialog", { name: "directory", query });
  }

  #close() {
    this.open = false;
    this.query = "";
    this.picked = 0;
  }
}

customElements.define("hub-jump", HubJump);
