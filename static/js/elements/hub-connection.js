import { html } from "lit";

import { t } from "../lib/i18n.js";
import { watch } from "../lib/watch.js";
import { HubElement } from "./shared/element.js";

const DOTS = { live: "", polling: "away", connecting: "away", reconnecting: "away", offline: "off", refused: "off", ended: "off" };

/** What the connection is doing, in a word or two. */
export function connectionText(connection) {
  if (connection.state !== "reconnecting") return t(`connection.${connection.state}`);
  const wait = secondsLeft(connection);
  return wait > 0 ? t("connection.reconnectingIn", { seconds: wait }) : t("connection.reconnecting");
}

export const secondsLeft = (connection) =>
  connection.nextTryAt ? Math.max(0, Math.ceil((connection.nextTryAt - Date.now()) / 1000)) : 0;

/** The dot at the sidebar's foot. A click shows the connection's details. */
export class HubConnection extends HubElement {
  static properties = { client: { attribute: false } };

  #watch = watch(this);
  #timer = null;

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  willUpdate() {
    this.#watch.set(this.client.connection);
  }

  render() {
    const { connection } = this.client;
    const text = connectionText(connection);
    const short = connection.state === "live" && connection.latency !== null ? t("connection.ms", { ms: Math.round(connection.latency) }) : text;
    return html`<button type="button" title=${text} aria-label=${t("connection.label", { state: short === text ? text : `${text}, ${short}` })}
      @click=${() => this.tell("hub-dialog", { name: "connection" })}>
      <span class="dot ${DOTS[connection.state]}"></span>${short}
    </button>`;
  }

  updated() {
    clearTimeout(this.#timer);
    if (this.client.connection.nextTryAt) this.#timer = setTimeout(() => this.requestUpdate(), 1000);
  }
}

customElements.define("hub-connection", HubConnection);
