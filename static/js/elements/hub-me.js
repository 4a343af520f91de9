import { html } from "lit";

import { t } from "../lib/i18n.js";
import { watch } from "../lib/watch.js";
import { avatar } from "./shared/avatar.js";
import { presenceDot } from "./shared/dot.js";
import { HubElement } from "./shared/element.js";

/** Me at the sidebar's foot: a click sets how I appear. */
export class HubMe extends HubElement {
  static properties = { client: { attribute: false } };

  #watch = watch(this);

  willUpdate() {
    this.#watch.set(this.client, this.client.people, this.client.presence);
  }

  render() {
    const { me, presence } = this.client;
    const status = presence.mine;
    return html`<button type="button" class="who" title=${t("status.set")} @click=${() => this.tell("hub-dialog", { name: "status" })}>
      <span class="with-dot">${avatar(me)}${presenceDot(status)}</span>
      <span><b dir="auto">${me.name}</b><small dir="auto">${me.status_text || t(`presence.${status}`)}</small></span>
    </button>`;
  }
}

customElements.define("hub-me", HubMe);
