import { html, nothing } from "lit";

import { aheadText } from "../lib/ahead.js";
import { t } from "../lib/i18n.js";
import { watch } from "../lib/watch.js";
import { SavedList } from "../models/saved-list.js";
import { remind } from "./remind.js";
import { HubElement } from "./shared/element.js";
import { excerpt } from "./shared/excerpt.js";
import { icon } from "./shared/icon.js";
import { linkFor } from "./shared/link-keys.js";
import { save } from "./shared/message-commands.js";
import { messageLink } from "./shared/message-link.js";
import { messageList } from "./shared/message-list.js";

/** What I have saved for later, and first what I am reminded of: the second list of the inbox. `above` finds what is reached going up from its first entry. */
export class HubSaved extends HubElement {
  static properties = {
    client: { attribute: false },
    above: { attribute: false },
    seen: { state: true },
  };

  #watch = watch(this);
  #list = null;
  #stop = () => {};
  #looking = false;

  constructor() {
    super();
    this.seen = null;
  }

  connectedCallback() {
    super.connectedCallback();
    this.#list = new SavedList(this.client);
    const stops = [this.#list.watch(this.client), ...["visibilitychange", "focusin", "pointerdown"].map((type) => this.#hear(type))];
    this.#stop = () => stops.forEach((stop) => stop());
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#stop();
  }

  willUpdate() {
    this.#watch.set(this.#list, this.client.people, this.client.rooms, this.client.saved);
  }

  updated() {
    this.#look();
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
    const reminder = this.client.saved.reminder(message.id);
    const due = this.#list.isDue(message.id);
    const [again, off] = [t(reminder ? "reminder.change" : "message.remind"), t(due ? "reminder.done" : "message.unsave")];
    return html`<li class="kept ${due ? "due" : ""}">
      ${messageLink(this.client, message, { words: excerpt(message), sign: reminder ? this.#sign(reminder, due) : nothing, seen: this.seen === message.id, open: (event) => this.#open(event, message) })}
      <span class="marks-of-row">
        <button type="button" class="icon-button mark" aria-haspopup="dialog" aria-label=${again} title=${again} @click=${(event) => remind({ client: this.client, message }, event.currentTarget)}>${icon("alarm-clock")}</button>
        <button type="button" class="icon-button mark" aria-label=${off} title=${off} @click=${(event) => this.#takeOff(event, message)}>${icon(due ? "check" : "bookmark-x")}</button>
      </span>
    </li>`;
  }

  #sign({ at }, due) {
    const time = aheadText(at);
    const said = t(due ? "reminder.due" : "reminder.waiting", { time });
    return html`<span class="when" title=${said}>${icon("alarm-clock", "small")}<span class="visually-hidden">${said}</span><span aria-hidden="true">${time}</span></span>`;
  }

  #hear(type) {
    const look = () => this.#look();
    document.addEventListener(type, look);
    return () => document.removeEventListener(type, look);
  }

  /** What has come is seen by whoever is at the page while it stands here. */
  #look() {
    const { saved, rooms } = this.client;
    if (this.#looking || !this.#list.loaded || !saved.due(rooms).length || document.visibilityState !== "visible" || !document.hasFocus()) return;
    this.#looking = true;
    saved.see().catch(() => {}).finally(() => (this.#looking = false));
  }

  #open(event, message) {
    event.preventDefault();
    this.seen = message.id;
    this.tell("hub-open", { room: message.room, at: message.seq, focus: false });
  }

  #takeOff(event, message) {
    // The row goes; its neighbour gets the focus.
    const row = event.currentTarget.closest("li");
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
