import { html, nothing } from "lit";

import { t } from "../lib/i18n.js";
import { watch } from "../lib/watch.js";
import { attempt } from "./shared/attempt.js";
import { HubElement } from "./shared/element.js";
import { icon } from "./shared/icon.js";
import { LEVEL_ICONS, leave, levelItems } from "./shared/room-menu.js";
import { isNamed, mayTopic } from "./shared/rights.js";
import { slowModeText } from "./shared/slow-mode.js";
import { roomLabel } from "./shared/words.js";
import { openMenu } from "./hub-popup.js";
import "./hub-files-brief.js";
import "./hub-help-about.js";
import "./hub-members.js";
import "./hub-moderation.js";
import "./hub-pins.js";
import "./hub-topic.js";

/** The panel beside the conversation: what the room is, what is mine of it, what is pinned, its newest files, who is in it, and the way out. */
export class HubDetails extends HubElement {
  static properties = {
    client: { attribute: false },
    room: { attribute: false },
  };

  #watch = watch(this);
  #covering = matchMedia("(width < 900px)");
  #onWidth = () => this.requestUpdate();

  connectedCallback() {
    super.connectedCallback();
    this.#covering.addEventListener("change", this.#onWidth);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#covering.removeEventListener("change", this.#onWidth);
  }

  willUpdate() {
    this.#watch.set(this.room, this.client);
    // Where it covers the conversation it is the page's main part.
    this.setAttribute("role", this.#covering.matches ? "main" : "complementary");
    this.setAttribute("aria-label", t("header.details"));
  }

  render() {
    const { room, client } = this;
    const led = isNamed(room);
    return html`
      <div class="top">
        ${this.#covering.matches ? html`<h1 dir="auto">${roomLabel(room)}</h1>` : html`<h2 dir="auto">${roomLabel(room)}</h2>`}
        ${!led ? nothing : html`<button type="button" class="icon-button settings" aria-label=${t("details.settings")} title=${t("details.settings")}
          @click=${() => this.tell("hub-dialog", { name: "room-settings" })}>${icon("settings")}</button>`}
        <button type="button" class="icon-button close" aria-label=${t("app.close")} title=${t("app.close")} @click=${() => this.tell("hub-details", { open: false })}>${icon("x")}</button>
      </div>
      <div class="scroll">
        ${led ? this.#about() : room.kind === "help" ? html`<hub-help-about .client=${client} .room=${room}></hub-help-about>` : nothing}
        <div class="acts">
          <button type="button" class="button quiet small star" aria-pressed=${room.starred ? "true" : "false"} @click=${() => attempt(() => client.roomActions.star(room.id, !room.starred))}>
            ${icon("star")}${t(room.starred ? "room.starred" : "room.star")}</button>
          <button type="button" class="button quiet small" aria-haspopup="menu" aria-expanded="false" aria-label=${t("header.bell", { level: t(`involvement.${room.involvement}`) })} @click=${this.#bell}>
            ${icon(LEVEL_ICONS[room.involvement])}${t(`involvement.${room.involvement}`)}</button>
        </div>
        <hub-pins .client=${client} .room=${room}></hub-pins>
        <hub-files-brief .client=${client} .room=${room}></hub-files-brief>
        <hub-moderation .client=${client} .room=${room}></hub-moderation>
        <hub-members .client=${client} .room=${room}></hub-members>
        ${!led ? nothing : html`<div class="leave"><button type="button" class="button quiet danger" @click=${() => leave(client, room)}>${icon("log-out")}${t("details.leave")}</button></div>`}
      </div>`;
  }

  #about() {
    const { room, client } = this;
    return html`<div class="about">
      <p class="kind">${icon(room.kind === "private" ? "lock" : "globe")}${t(`room.${room.kind}Text`)}</p>
      ${room.archived ? html`<p class="kind">${icon("archive")}${t("composer.archived")}</p>` : nothing}
      ${room.slowMode && !room.archived ? html`<p class="kind">${icon("timer")}${slowModeText(room.slowMode)}</p>` : nothing}
      ${room.topic || mayTopic(client, room) ? html`<hub-topic id="details-topic" .client=${client} .room=${room}></hub-topic>` : nothing}
    </div>`;
  }

  #bell(event) {
    openMenu({ opener: event.currentTarget, label: t("involvement.label"), items: levelItems(this.client, this.room) });
  }
}

customElements.define("hub-details", HubDetails);
