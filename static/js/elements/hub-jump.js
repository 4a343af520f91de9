import { html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";

import { t } from "../lib/i18n.js";
import { avatar } from "./shared/avatar.js";
import { count } from "./shared/count.js";
import { presenceDot } from "./shared/dot.js";
import { HubElement } from "./shared/element.js";
import { icon } from "./shared/icon.js";
import { mayTalkTo } from "./shared/rights.js";
import { COMMAND } from "./shared/shortcuts.js";
import { toast } from "./hub-toast.js";

const MOST = 50;
const MOST_PEOPLE = 8;
const KNOWN = 500;
const PAUSE = 150;
const names = new Intl.Collator();

/** Rooms whose title has the words: those that begin with them first, then by title as they come. */
function matching(rooms, query) {
  const words = query.trim().replace(/^[#@]/, "").toLocaleLowerCase();
  const titled = rooms.map((room) => ({ room, title: room.title.toLocaleLowerCase() }));
  const found = titled.filter(({ title }) => title.includes(words));
  found.sort((a, b) => b.title.startsWith(words) - a.title.startsWith(words));
  return found.slice(0, MOST).map(({ room }) => room);
}

/**
 * The quick switcher: a field over the rooms that lists rooms and people with the typed words, and the ways to search for
 * them elsewhere; arrow keys and Enter choose.
 */
export class HubJump extends HubElement {
  static properties = {
    client: { attribute: false },
    query: { state: true },
    people: { state: true },
    picked: { state: true },
    open: { state: true },
  };

  #timer = null;

  constructor() {
    super();
    this.query = "";
    this.people = [];
    this.picked = 0;
    this.open = false;
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
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

  /** Each has a `key`, a `text`, and `act`, what choosing it does. */
  #results() {
    const { client } = this;
    const query = this.query.trim();
    const rooms = matching(client.rooms.all.filter((room) => room.listed), query);
    // Who has a conversation of their own with me is in the list with that.
    const listed = new Set(rooms.filter((room) => room.others.length === 1).map((room) => room.others[0]));
    const people = this.#people(query).filter((user) => !listed.has(user.id) && user.id !== client.me.id).slice(0, MOST_PEOPLE);
    return [
      ...rooms.map((room) => ({ key: room.id, text: room.title, room, act: () => this.tell("hub-open", { room: room.id }) })),
      ...people.map((user) => ({ key: `person-${user.id}`, text: user.name, user, act: () => this.#talkTo(user) })),
      ...(query ? [{ key: "search", text: t("sidebar.searchFor", { query }), sign: "text-search", act: () => this.tell("hub-search", { query }) }] : []),
      { key: "browse", text: t("sidebar.browseFor", { query }), sign: "compass", act: () => this.tell("hub-dialog", { name: "directory", query }) },
    ];
  }

  /** Those whom this page knows, at once, and those whom the server has found. */
  #people(query) {
    const words = query.replace(/^@/, "").toLocaleLowerCase();
    if (!words || words.startsWith("#") || !mayTalkTo(this.client.me)) return [];
    const known = this.client.people.known(KNOWN).filter((user) => `${user.name} ${user.username}`.toLocaleLowerCase().includes(words));
    known.sort((a, b) => names.compare(a.name, b.name));
    return [...new Map([...known, ...this.people].map((user) => [user.id, user])).values()];
  }

  #option(result, index) {
    const { key, text, room, user } = result;
    const picked = index === this.picked;
    return html`<li id="jump-${key}" role="option" aria-selected=${picked ? "true" : "false"} class="room-link ${picked ? "picked" : ""} ${room?.unread && !room.muted ? "unread" : ""}"
      @click=${() => this.#choose(result)}>
      ${this.#sign(result)}
      <span class="name" dir="auto">${text}</span>
      ${user ? html`<small>@${user.username}</small>${presenceDot(this.client.presence.statusOf(user.id))}` : nothing}
      ${room?.unread ? count(room.unread, "unread") : nothing}
    </li>`;
  }

  #sign({ room, user, sign }) {
    const person = user ?? (room?.others.length === 1 ? this.client.people.get(room.others[0]) : null);
    if (person) return avatar(person, "small");
    return icon(sign ?? { private: "lock", direct: "users" }[room.kind] ?? "hash");
  }

  #onInput(event) {
    this.query = event.target.value;
    this.picked = 0;
    this.open = this.query.trim() !== "";
    clearTimeout(this.#timer);
    const name = this.query.trim().replace(/^@/, "");
    this.people = [];
    if (name && !name.startsWith("#") && mayTalkTo(this.client.me)) this.#timer = setTimeout(() => this.#find(name), PAUSE);
  }

  async #find(name) {
    let found = [];
    try {
      found = await this.client.people.find(name, MOST_PEOPLE + 1);
    } catch {
      // The rooms are there without a connection too; people come with it.
    }
    if (name !== this.query.trim().replace(/^@/, "")) return;
    const { key } = this.#results()[this.picked] ?? {};
    this.people = found;
    // Whom the arrow keys have picked stays picked, though people have come before.
    if (this.picked) this.picked = Math.max(0, this.#results().findIndex((result) => result.key === key));
  }

  async #talkTo(user) {
    try {
      const room = await this.client.roomActions.openDirect([user.id]);
      this.tell("hub-open", { room: room.id });
    } catch (error) {
      toast({ error });
    }
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

  #choose(result) {
    this.#close();
    result.act();
  }

  #close() {
    clearTimeout(this.#timer);
    this.open = false;
    this.query = "";
    this.people = [];
    this.picked = 0;
  }
}

customElements.define("hub-jump", HubJump);
