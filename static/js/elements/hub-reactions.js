import { html } from "lit";
import { repeat } from "lit/directives/repeat.js";

import { language, t } from "../lib/i18n.js";
import { watch } from "../lib/watch.js";
import { emojiUsed } from "../models/emoji-used.js";
import { HubElement } from "./shared/element.js";
import { glyph } from "./shared/glyph.js";
import { icon } from "./shared/icon.js";
import { attempt } from "./shared/attempt.js";
import { mayReact } from "./shared/rights.js";

const NAMED = 12;

/** The emoji under a message; a click adds mine or takes it away. */
export class HubReactions extends HubElement {
  static properties = {
    client: { attribute: false },
    room: { attribute: false },
    message: { attribute: false },
    reactions: { attribute: false },
  };

  #watch = watch(this);

  willUpdate() {
    this.#watch.set(this.client.people, this.client.sanctions);
  }

  render() {
    const { client, room, message, reactions } = this;
    const may = mayReact(client, room, message);
    return html`<div class="reactions" role="group" aria-label=${t("reactions.label")}>
      ${repeat(reactions, ({ emoji }) => emoji, (reaction) => this.#chip(reaction, may))}
      ${may ? html`<button type="button" class="add" aria-label=${t("message.react")} title=${t("message.react")}
        @click=${(event) => this.tell("hub-react", { anchor: event.currentTarget })}>${icon("smile-plus")}</button>` : ""}
    </div>`;
  }

  #chip({ emoji, users }, may) {
    const mine = users.includes(this.client.me.id);
    const names = this.#names(users);
    return html`<button type="button" class=${mine ? "mine" : ""} aria-pressed=${mine ? "true" : "false"} title=${names}
      aria-disabled=${may ? "false" : "true"} @click=${() => may && this.#toggle(emoji, !mine)} @contextmenu=${this.#onContextMenu}><span class="emoji">${glyph(emoji)}</span>${users.length}
      <span class="visually-hidden">${t("reactions.who", { names })}</span></button>`;
  }

  #names(users) {
    const { me, people } = this.client;
    const others = users.filter((id) => id !== me.id).slice(0, NAMED).map((id) => people.get(id).name).filter(Boolean);
    const names = [...others, ...(users.includes(me.id) ? [t("reactions.you")] : [])];
    if (users.length > names.length) names.push(t("reactions.more", { count: users.length - names.length }));
    return new Intl.ListFormat(language(), { type: "conjunction" }).format(names);
  }

  #onContextMenu(event) {
    // A finger that rests is heard for all messages at once.
    if (event.pointerType === "touch") return;
    event.preventDefault();
    this.showWho();
  }

  /** Who has reacted, by name; each opens a card. */
  showWho() {
    const { room, message } = this;
    this.tell("hub-dialog", { name: "reacted", room, message });
  }

  #toggle(emoji, on) {
    const { client, message } = this;
    if (on) emojiUsed(emoji);
    attempt(() => client.actions.react(message, emoji, on));
  }
}

customElements.define("hub-reactions", HubReactions);
