import { html, nothing } from "lit";

import { errorText } from "../lib/errors.js";
import { t } from "../lib/i18n.js";
import { later } from "../lib/later.js";
import { watch } from "../lib/watch.js";
import { HubElement } from "./shared/element.js";
import { icon } from "./shared/icon.js";
import { mayAttach, mayCreate } from "./shared/rights.js";
import { rowSkeletons } from "./shared/skeleton.js";
import { roomLabel } from "./shared/words.js";
import "./hub-composer.js";
import "./hub-announcement.js";
import "./hub-connection-bar.js";
import "./hub-header.js";
import "./hub-messages.js";
import "./hub-update-offer.js";

/** The middle pane: a room, or why there is none to show. */
export class HubConversation extends HubElement {
  static properties = {
    client: { attribute: false },
    room: { attribute: false },
    panel: { attribute: false },
    device: { attribute: false },
    target: { attribute: false },
    lost: { attribute: false },
    joinError: { state: true },
  };

  #watch = watch(this);

  constructor() {
    super();
    this.addEventListener("hub-sent", () => this.querySelector("hub-messages")?.toEnd());
    this.addEventListener("hub-attach", (event) => event.target.localName === "hub-drop" && this.querySelector("hub-composer")?.attach(event.detail));
    this.addEventListener("hub-edit-last", (event) => this.querySelector("hub-messages")?.editLast() && event.preventDefault());
  }

  willUpdate(changed) {
    this.#watch.set(this.client, this.client.rooms, this.client.sanctions);
    if (this.#isShutOut) later(() => import("./hub-shut-out.js")).catch(() => {});
    if (changed.has("room")) this.joinError = null;
  }

  render() {
    const { client, room } = this;
    return html`
      <hub-header .client=${client} .room=${room} .panel=${this.panel}></hub-header>
      <hub-connection-bar .client=${client}></hub-connection-bar>
      ${room?.kind === "help" ? html`<hub-help-bar .client=${client} .room=${room}></hub-help-bar>` : nothing}
      <hub-announcement .client=${client}></hub-announcement>
      <hub-update-offer .client=${client}></hub-update-offer>
      <hub-notify-offer .client=${client} .device=${this.device}></hub-notify-offer>
      ${room
        ? html`<hub-messages .client=${client} .room=${room} .target=${this.target}></hub-messages><hub-composer .client=${client} .room=${room}></hub-composer>
          <hub-drop .may=${() => mayAttach(client, room)} .label=${t("files.dropHere", { room: roomLabel(room) })}></hub-drop>`
        : this.#nothingHere()}
    `;
  }

  /** Whether somebody has taken me out of the room that is asked for, or keeps me out of it. */
  get #isShutOut() {
    const { wanted, sanctions } = this.client;
    return !this.room && wanted !== null && (this.lost?.id === wanted || sanctions.banFrom(wanted) !== null);
  }

  #nothingHere() {
    const { client } = this;
    if (client.phase === "starting") return html`<div class="starting">${rowSkeletons(7)}</div>`;
    if (client.phase === "ended") return this.#empty("wifi-off", t("empty.ended"), this.#whyEnded(client.connection));
    if (this.#isShutOut) return html`<hub-shut-out .client=${client} .wanted=${client.wanted} .lost=${this.lost}></hub-shut-out>`;
    if (client.wanted) {
      const join = html`<button type="button" class="button" @click=${this.#join}>${t("empty.tryJoin")}</button>${this.#browse("quiet")}`;
      return this.#empty("door-open", t("empty.noRoom"), this.joinError ? errorText(this.joinError) : t("empty.noRoomText"), join);
    }
    if (client.rooms.next(null, 1)) return nothing;
    const start = html`${this.#browse("")}${mayCreate(client.me)
      ? html`<button type="button" class="button quiet" @click=${() => this.tell("hub-dialog", { name: "new-room" })}>${t("sidebar.newRoom")}</button>`
      : nothing}`;
    return this.#empty("message-square", t("empty.welcome", { name: client.me.name }), t("empty.welcomeText"), start);
  }

  #whyEnded({ reason, reasonText }) {
    return reasonText ? errorText({ code: reason, message: reasonText }) : t("empty.endedText");
  }

  #browse(kind) {
    return html`<button type="button" class="button ${kind}" @click=${() => this.tell("hub-dialog", { name: "directory" })}>${t("sidebar.browse")}</button>`;
  }

  #empty(sign, heading, text, actions = nothing) {
    return html`<div class="empty">
      <span class="badge">${icon(sign)}</span>
      <h2 dir="auto">${heading}</h2>
      <p role="status">${text}</p>
      ${actions === nothing ? nothing : html`<div class="actions">${actions}</div>`}
    </div>`;
  }

  async #join() {
    try {
      const room = await this.client.roomActions.join(this.client.wanted);
      this.tell("hub-open", { room: room.id });
    } catch (error) {
      this.joinError = error;
    }
  }
}

customElements.define("hub-conversation", HubConversation);
