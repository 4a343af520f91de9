import { html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";

import { t } from "../lib/i18n.js";
import { watch } from "../lib/watch.js";
import { avatar } from "./shared/avatar.js";
import { presenceDot } from "./shared/dot.js";
import { HubElement } from "./shared/element.js";
import { icon } from "./shared/icon.js";
import { roomCount, roomSign } from "./shared/room-sign.js";
import { COMMAND } from "./shared/shortcuts.js";
import { roomLabel } from "./shared/words.js";
import { toast } from "./hub-toast.js";

/** The quick switcher: a field over the rooms, and what can be gone to from it; arrow keys and Enter choose. */
export class HubJump extends HubElement {
  static properties = {
    client: { attribute: false },
    open: { state: true },
  };

  #watch = watch(this);

  constructor() {
    super();
    this.open = false;
  }

  /** Somebody wants to go somewhere. */
  begin() {
    this.querySelector("input").focus();
    this.#show();
  }

  willUpdate() {
    const { client } = this;
    this.#watch.set(client.jump, this.open && client.people, this.open && client.presence);
  }

  render() {
    const { jump } = this.client;
    const results = this.open ? jump.results : [];
    const picked = results[jump.place];
    return html`<div class="jump">
        ${icon("search")}
        <input type="text" role="combobox" autocomplete="off" spellcheck="false" enterkeyhint="go" aria-expanded=${this.open ? "true" : "false"}
          aria-controls="jump-list" aria-autocomplete="list" aria-activedescendant=${picked ? `jump-${picked.key}` : nothing} aria-label=${t("sidebar.jump")}
          placeholder=${t("sidebar.jump")} .value=${jump.query}
          @input=${this.#onInput} @keydown=${this.#onKey} @click=${this.#show} @blur=${this.#close}>
        <kbd aria-hidden="true">${COMMAND} K</kbd>
      </div>
      <ul class="rooms jump-list" id="jump-list" role="listbox" aria-label=${t("sidebar.jump")} ?hidden=${!this.open}
        @pointerdown=${(event) => event.preventDefault()}>
        ${repeat(results, (result) => result.key, (result) => this.#option(result, result === picked))}
      </ul>`;
  }

  updated(changed) {
    if (changed.has("open")) this.tell("hub-jumping", this.open);
    if (this.open) this.querySelector(".picked")?.scrollIntoView({ block: "nearest" });
  }

  #option(result, picked) {
    const { room } = result;
    return html`<li id="jump-${result.key}" role="option" aria-selected=${picked ? "true" : "false"} @click=${() => this.#choose(result)}
      class="room-link ${picked ? "picked" : ""} ${room?.muted ? "muted" : room?.unread ? "unread" : ""} ${result.hit ? "hit-link" : ""}">${this.#content(result)}</li>`;
  }

  #content({ room, user, status, way, hit }) {
    const { client } = this;
    if (room) return html`${roomSign(room, client)}<span class="name" dir="auto">${room.title}</span>${roomCount(room)}`;
    if (user) return html`${avatar(user, "small")}<span class="name" dir="auto">${user.name}</span><small>@${user.username}</small>${presenceDot(status ?? client.presence.statusOf(user.id))}`;
    if (way) return html`${icon(way === "search" ? "text-search" : "compass")}<span class="name" dir="auto">${this.#wayText(way)}</span>`;
    const { message, excerpt } = hit;
    const author = client.people.author(message.author);
    return html`${avatar(author, "small")}<span class="name" dir="auto">${author.name} <small dir="auto">${roomLabel(client.rooms.get(message.room))}</small>
      <span class="excerpt">${excerpt.map((part, index) => (index % 2 ? html`<mark>${part}</mark>` : part))}</span></span>`;
  }

  #wayText(way) {
    const query = this.client.jump.query.trim();
    if (way === "search") return t("sidebar.searchFor", { query });
    return query ? t("sidebar.browseFor", { query }) : t("sidebar.browse");
  }

  #show() {
    this.open = true;
  }

  #onInput(event) {
    this.#show();
    this.client.jump.type(event.target.value);
  }

  #onKey(event) {
    if (event.isComposing || event.keyCode === 229 || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const { jump } = this.client;
    const acts = {
      ArrowDown: () => (this.open ? jump.move(1) : this.#show()),
      ArrowUp: () => (this.open ? jump.move(-1) : this.#show()),
      Enter: () => jump.take((result) => this.#choose(result)),
      Escape: () => (this.open ? this.#close() : this.tell("hub-write")),
      ...(this.open && { Home: () => jump.toFirst(), End: () => jump.toLast() }),
    };
    const act = event.key === "Enter" && !this.open ? null : acts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  async #choose({ room, user, way, hit }) {
    const { query } = this.client.jump;
    this.#close();
    if (room) this.tell("hub-open", { room: room.id });
    else if (user) await this.#talkTo(user);
    else if (hit) this.tell("hub-open", { room: hit.message.room, at: hit.message.seq });
    else if (way === "search") this.tell("hub-search", { query: query.trim() });
    else this.tell("hub-dialog", { name: "directory", query: query.trim() });
  }

  async #talkTo(user) {
    try {
      const room = await this.client.roomActions.openDirect([user.id]);
      this.tell("hub-open", { room: room.id });
    } catch (error) {
      toast({ error });
    }
  }

  #close() {
    this.open = false;
    this.client.jump.clear();
  }
}

customElements.define("hub-jump", HubJump);
