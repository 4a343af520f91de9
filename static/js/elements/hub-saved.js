import { html } from "lit";

import { t } from "../lib/i18n.js";
import { watch } from "../lib/watch.js";
import { SavedList } from "../models/saved-list.js";
import { HubElement } from "./shared/element.js";
import { excerpt } from "./shared/excerpt.js";
import { icon } from "./shared/icon.js";
import { linkFor } from "./shared/link-keys.js";
import { save } from "./shared/message-commands.js";
import { messageLink } from "./shared/message-link.js";
import { messageList } from "./shared/message-list.js";

/** What I have saved for later: the second list of the inbox. `above` finds what is reached going up from its first entry. */
export class HubSaved extends HubElement {
  static properties = {
    client: { attribute: false },
    above: { attribute: false },
    seen: { state: true },
  };

  #watch = watch(this);
  #list = null;
  #stop = () => {};

  constructor() {
    super();
    this.seen = null;
  }

  connectedCallback() {
    super.connectedCallback();
    this.#list = new SavedList(this.client);
    this.#stop = this.#list.watch(this.client);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#stop();
  }

  willUpdate() {
    this.#watch.set(this.#list, this.client.people, this.client.rooms);
  }

  render() {
    return messageList(this.#list, {
      messages: this.#list.shown,
      row: (message) => this.#row(message),
      sign: "bookmark",
      none: t("saved.none"),
      offline: t("saved.offline"),
      onKey: (event) => this.#onKey(event),
    });
  }

  #row(message) {
    return html`<li class="kept">
      ${messageLink(this.client, message, { words: excerpt(message), seen: this.seen === message.id, open: (event) => this.#open(event, message) })}
      <button type="button" class="icon-button mark" aria-label=${t("message.unsave")} title=${t("message.unsave")} @click=${(event) => this.#takeOff(event, message)}>${icon("bookmark-x")}</button>
    </li>`;
  }

  #open(event, message) {
    event.preventDefault();
    this.seen = message.id;
    this.tell("hub-open", { room: message.room, at: message.seq, focus: false });
  }

  #takeOff(event, message) {
    // The row goes; its neighbour gets the focus.
    const row = event.currentTarget.parentElement;
    const next = row.nextElementSibling ?? row.previousElementSibling;
    (next?.querySelector(".hit") ?? this.above()).focus();
    save({ client: this.client, message }, false);
  }

  #onKey(event) {
    const links = [...this.querySelectorAll(".hit")];
    const target = linkFor(event, links, this.above());
    if (!target) return;
    event.preventDefault();
    target.focus();
    if (links.indexOf(target) >= links.length - 3) this.#list.more();
  }
}

customElements.define("hub-saved", HubSaved);
