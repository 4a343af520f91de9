import { html, nothing } from "lit";

import { t } from "../../lib/i18n.js";
import { ago } from "../../lib/time.js";
import { watch } from "../../lib/watch.js";
import { connectionText } from "../hub-connection.js";
import { HubDialog } from "../shared/dialog.js";
import { icon } from "../shared/icon.js";
import { plot } from "./plot.js";
import { toast } from "../hub-toast.js";

const COPIED_FOR = 2_500;

/** What the connection is, why it is that way, and how quick it has been. */
export class HubConnectionDetails extends HubDialog {
  static properties = {
    client: { attribute: false },
    build: { attribute: false },
    copied: { state: true },
  };

  #watch = watch(this);
  #stop = null;
  #clock = null;

  connectedCallback() {
    super.connectedCallback();
    this.#clock = setInterval(() => this.requestUpdate(), 1000);
    this.client.connection.measureOften(true);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearInterval(this.#clock);
    this.client.connection.measureOften(false);
    this.#stop?.();
    this.#stop = null;
  }

  willUpdate() {
    const { connection } = this.client;
    this.#watch.set(connection);
    this.#stop ??= connection.on("samples", () => this.requestUpdate());
  }

  heading() {
    return t("connection.heading");
  }

  content() {
    const { connection } = this.client;
    const { versions } = connection;
    return html`<div class="content">
      ${plot(connection.samples)}
      <dl class="facts">
        ${this.#fact("state", connectionText(connection))}
        ${this.#fact("transport", this.#transport(connection))}
        ${connection.connectedSince ? this.#fact("since", ago(new Date(connection.connectedSince).toISOString())) : nothing}
        ${connection.latency !== null ? this.#fact("latency", t("connection.ms", { ms: Math.round(connection.latency) })) : nothing}
        ${this.#fact("heartbeats", connection.heartbeats)}
        ${this.#fact("reconnects", connection.reconnects)}
        ${this.#fact("versions", t("connection.versionsText", { chat: String(versions.chat), socketio: String(versions.socketio), engineio: String(versions.engineio), build: this.build }))}
      </dl>
      <div class="buttons">
        ${connection.connected ? nothing : html`<button type="button" class="button quiet" @click=${() => connection.retryNow()}>${icon("refresh-cw")}${t("bar.retry")}</button>`}
        <button type="button" class="button quiet" @click=${this.#copy}>${icon(this.copied ? "check" : "copy")}<span role="status">${t(this.copied ? "app.copied" : "connection.copy")}</span></button>
      </div>
    </div>`;
  }

  #fact(name, value) {
    return html`<dt>${t(`connection.fact.${name}`)}</dt><dd>${value}</dd>`;
  }

  #transport({ transport, transportWhy, upgradeError }) {
    if (!transport) return t("connection.transport.none");
    const why = transportWhy ? t(`connection.why.${transportWhy}`) : "";
    return html`${t(`connection.transport.${transport}`)}${why ? html`<br><small>${why}${upgradeError ? html` (${upgradeError})` : nothing}</small>` : nothing}`;
  }

  async #copy() {
    try {
      await navigator.clipboard.writeText(this.client.connection.report());
      this.copied = true;
      setTimeout(() => {
        this.copied = false;
      }, COPIED_FOR);
    } catch {
      toast({ text: t("toast.notCopied") });
    }
  }
}

customElements.define("hub-connection-details", HubConnectionDetails);
