import { html } from "lit";

import { t } from "../lib/i18n.js";
import { watch } from "../lib/watch.js";
import { Countdown } from "./shared/countdown.js";
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

  constructor() {
    super();
    new Countdown(this, () => Boolean(this.client.connection.nextTryAt));
  }

  willUpdate() {
    this.#watch.set(this.client.connection);
  }

  render() {
    const { connection } = this.client;
    const text = connectionText(connection);
    const short = this.#short(connection, text);
    return html`<button type="button" title=${t("connection.label", { state: text })}
      @click=${() => this.tell("hub-dialog", { name: "connection" })}>
      <span class="dot ${DOTS[connection.state]}"></span><span class="visually-hidden">${t("connection.label", { state: text })}</span><span aria-hidden=${short === text ? "true" : "false"}>${short}</span>
    </button>`;
  }

  #short(connection, text) {
    if (connection.state === "live" && connection.latency !== null) return t("connection.ms", { ms: Math.round(connection.latency) });
    if (connection.state === "polling") return t("connection.shortPolling");
    const wait = connection.state === "reconnecting" ? secondsLeft(connection) : 0;
    return wait ? t("connection.shortRetry", { seconds: wait }) : text;
  }
}

customElements.define("hub-connection", HubConnection);
