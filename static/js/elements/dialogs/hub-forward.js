import { html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";

import { errorText } from "../../lib/errors.js";
import { t } from "../../lib/i18n.js";
import { countCharacters } from "../../lib/text.js";
import { avatar } from "../shared/avatar.js";
import { HubDialog } from "../shared/dialog.js";
import { excerpt } from "../shared/excerpt.js";
import { forwarded } from "./forwarded.js";
import { icon } from "../shared/icon.js";
import { hasVoice, mayTalkTo } from "../shared/rights.js";
import { roomPath } from "../shared/route.js";
import { roomLabel } from "../shared/words.js";
import { toast } from "../hub-toast.js";

const MOST = 30;
const PAUSE = 200;

/** Send a message on to a room or to somebody, with a word of one's own if one likes. */
export class HubForward extends HubDialog {
  static properties = {
    client: { attribute: false },
    room: { attribute: false },
    message: { attribute: false },
    query: { state: true },
    people: { state: true },
    chosen: { state: true },
    error: { state: true },
    busy: { state: true },
  };

  closedBy = "closerequest";
  #timer = null;
  /** Whether something is typed for which nothing has been chosen yet. */
  #isSearching = true;

  constructor() {
    super();
    this.query = "";
    this.people = [];
    this.chosen = null;
    this.error = null;
    this.busy = false;
  }

  heading() {
    return t("forward.heading");
  }

  content() {
    const { client, message, error } = this;
    const { name } = client.people.author(message.author);
    return html`<form class="forward" @submit=${this.#onSubmit}>
      <blockquote dir="auto"><b>${name}</b> ${excerpt(message)}</blockquote>
      <div class="field-row">
        <label for="forward-to">${t("forward.to")}</label>
        <input id="forward-to" type="search" autocomplete="off" spellcheck="false" placeholder=${t("forward.search")} autofocus
          @input=${this.#onInput} @keydown=${this.#onKey}>
      </div>
      ${this.#places()}
      <div class="field-row">
        <label for="forward-comment">${t("forward.comment")}</label>
        <textarea id="forward-comment" rows="2" dir="auto"></textarea>
      </div>
      <p class="error" role="alert">${error ? errorText(error) : nothing}</p>
      <div class="buttons">
        <button type="button" class="button quiet" @click=${this.close}>${t("app.cancel")}</button>
        <button class="button" ?disabled=${this.busy || !this.chosen}>${t("forward.send")}</button>
      </div>
    </form>`;
  }

  #places() {
    const places = this.#found();
    if (!places.length) return html`<p class="none" role="status">${t("forward.nothing")}</p>`;
    return html`<fieldset class="places"><legend class="visually-hidden">${t("forward.to")}</legend>
      ${repeat(places, (place) => place.key, (place) => html`<label class="place">
        <input type="radio" name="place" .checked=${this.chosen?.key === place.key} @change=${() => this.#choose(place)}>
        ${place.user ? avatar(place.user, "small") : icon({ private: "lock", direct: "users" }[place.room.kind] ?? "hash")}
        <span class="name" dir="auto">${place.user?.name ?? place.room.title}</span>
      </label>`)}
    </fieldset>`;
  }

  #found() {
    const { client } = this;
    const words = this.query.trim();
    const rooms = client.finder.find(words).filter((room) => !room.archived && hasVoice(client, room));
    // Whoever has a conversation with me alone is in the list already.
    const spoken = new Set(rooms.filter((room) => room.kind === "direct" && room.users?.length === 2).flatMap((room) => room.users));
    const people = words && mayTalkTo(client.me) ? this.people.filter((user) => user.id !== client.me.id && !spoken.has(user.id)) : [];
    const places = [...rooms.map((room) => ({ key: `room-${room.id}`, room })), ...people.map((user) => ({ key: `user-${user.id}`, user }))];
    // What was chosen stays in sight while something else is searched for.
    const others = places.filter((place) => place.key !== this.chosen?.key).slice(0, MOST);
    return this.chosen ? [this.chosen, ...others] : others;
  }

  #onInput(event) {
    this.query = event.target.value;
    this.#isSearching = true;
    clearTimeout(this.#timer);
    const query = this.query.trim();
    if (query) this.#timer = setTimeout(() => this.#search(query), PAUSE);
  }

  async #search(query) {
    try {
      const found = await this.client.people.find(query.replace(/^[#@]/, ""));
      if (query === this.query.trim()) this.people = found;
    } catch {
      // The rooms are there all the same.
    }
  }

  /** Enter chooses the first that is found, and then sends; an arrow goes on to the places. */
  #onKey(event) {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "Enter" && this.#isSearching) {
      const first = this.#found().find((place) => place.key !== this.chosen?.key);
      if (first) this.#choose(first);
    } else if (event.key === "ArrowDown") this.querySelector(".place input")?.focus();
    else return;
    event.preventDefault();
  }

  #choose(place) {
    this.chosen = place;
    this.#isSearching = false;
    this.error = null;
  }

  async #onSubmit(event) {
    event.preventDefault();
    const { client, message, chosen } = this;
    const comment = this.querySelector("textarea").value;
    const text = forwarded({
      comment, text: message.text, most: client.limits.text,
      from: t("forward.from", { name: client.people.author(message.author).name }),
      link: new URL(roomPath(this.room.id, message.seq), location.href).href,
    });
    if (countCharacters(text) > client.limits.text) {
      this.error = { code: "too_large" };
      return;
    }
    this.busy = true;
    try {
      const room = chosen.room ?? (await client.roomActions.openDirect([chosen.user.id]));
      client.send(room, text, { files: message.files });
      this.close();
      toast({ text: t("toast.forwarded", { room: roomLabel(room) }), action: t("directory.open"), run: () => document.querySelector("hub-app")?.go(room.id) });
    } catch (error) {
      this.error = error;
    }
    this.busy = false;
  }
}

customElements.define("hub-forward", HubForward);
