import { html, nothing } from "lit";

import { t } from "../lib/i18n.js";
import { watch } from "../lib/watch.js";
import { HubElement } from "./shared/element.js";
import { icon } from "./shared/icon.js";
import { roomLabel } from "./shared/words.js";
import { ask } from "./hub-confirm.js";
import { toast } from "./hub-toast.js";
import "./hub-members.js";

/** The panel beside the conversation: what the room is, who is in it, and the way out. */
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
    this.#watch.set(this.room);
    // Where it covers the conversation it is the page's main part.
    this.setAttribute("role", this.#covering.matches ? "main" : "complementary");
    this.setAttribute("aria-label", t("header.details"));
  }

  render() {
    const { room, client } = this;
    const direct = room.kind === "direct";
    return html`
      <div class="top">
        ${this.#covering.matches ? html`<h1 dir="auto">${roomLabel(room)}</h1>` : html`<h2 dir="auto">${roomLabel(room)}</h2>`}
        <button type="button" class="icon-button" aria-label=${t("app.close")} title=${t("app.close")} @click=${() => this.tell("hub-details", { open: false })}>${icon("x")}</button>
      </div>
      <div class="scroll">
        ${direct ? nothing : html`<div class="about">
          <p class="kind">${icon(room.kind === "private" ? "lock" : "globe")}${t(`room.${room.kind}Text`)}</p>
          ${room.topic ? html`<p class="topic" dir="auto">${room.topic}</p>` : nothing}
        </div>`}
        <hub-members .client=${client} .room=${room}></hub-members>
        ${direct ? nothing : html`<div class="leave"><button type="button" class="button quiet danger" @click=${this.#leave}>${icon("log-out")}${t("details.leave")}</button></div>`}
      </div>`;
  }

  async #leave() {
    const { room, client } = this;
    const sure = await ask({
      heading: t("details.leaveHeading", { room: roomLabel(room) }),
      text: t(room.kind === "private" ? "details.leavePrivate" : "details.leavePublic"),
      confirm: t("details.leave"),
    });
    if (!sure) return;
    try {
      await client.actions.leave(room.id);
    } catch (error) {
      toast({ error });
    }
  }
}

customElements.define("hub-details", HubDetails);
