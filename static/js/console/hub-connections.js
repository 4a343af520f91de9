import { html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";

import { errorText } from "../lib/errors.js";
import { t } from "../lib/i18n.js";
import { ask } from "../elements/hub-confirm.js";
import { HubElement } from "../elements/shared/element.js";
import { icon } from "../elements/shared/icon.js";
import { toast } from "../elements/hub-toast.js";
import { bytes, whole } from "./numbers.js";
import { ago } from "../lib/time.js";

const PAUSE = 250;
const AGAIN = 5_000;
const SORTS = [["since", true], ["user", false], ["address", false], ["rooms", true], ["sent", true], ["received", true]];

/** Who is connected, from where and how, with what can be done about it at once. A page at a time, as there may be thousands. */
export class HubConnections extends HubElement {
  static properties = {
    request: { attribute: false },
    live: { attribute: false },
    query: { state: true },
    transport: { state: true },
    sort: { state: true },
    found: { state: true },
    error: { state: true },
  };

  #timer = null;
  #turn = 0;

  constructor() {
    super();
    this.query = "";
    this.transport = "";
    this.sort = "since";
    this.found = null;
    this.error = null;
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  willUpdate(changed) {
    if (changed.has("live") && this.live) this.#soon(0);
  }

  render() {
    const { found } = this;
    return html`<section class="panel" aria-labelledby="connections-title">
      <h2 id="connections-title">${t("console.connections")}${found ? html` <span class="tag">${whole(found.count)}</span>` : nothing}</h2>
      <div class="find">
        <input class="input" type="search" autocomplete="off" spellcheck="false" aria-label=${t("console.find")} placeholder=${t("console.find")} @input=${this.#onInput}>
        <select class="input" aria-label=${t("console.transport")} @change=${(event) => this.#choose({ transport: event.target.value })}>
          <option value="">${t("console.anyTransport")}</option>
          <option value="websocket">WebSocket</option>
          <option value="polling">${t("console.polling")}</option>
        </select>
        <select class="input" aria-label=${t("console.sort")} @change=${(event) => this.#choose({ sort: event.target.value })}>
          ${SORTS.map(([name]) => html`<option value=${name} ?selected=${name === this.sort}>${t(`console.sort.${name}`)}</option>`)}
        </select>
      </div>
      ${this.error ? html`<p class="error" role="alert">${errorText(this.error)}</p>` : nothing}
      ${found?.silent?.length ? html`<p class="hint" role="status">${t("console.silent", { names: found.silent.join(", ") })}</p>` : nothing}
      ${found ? this.#table(found) : html`<p class="hint" role="status">${t("console.loading")}</p>`}
      ${found?.next ? html`<div><button type="button" class="button quiet" @click=${this.#more}>${t("console.more")}</button></div>` : nothing}
    </section>`;
  }

  #table({ connections }) {
    if (!connections.length) return html`<p class="empty">${icon("users")}<span>${t("console.nobody")}</span></p>`;
    return html`<div class="table"><table>
      <thead><tr>${["who", "address", "with", "transport", "rooms", "since", "traffic"].map((name) => html`<th scope="col">${t(`console.column.${name}`)}</th>`)}<td></td></tr></thead>
      <tbody>${repeat(connections, (one) => `${one.process} ${one.id}`, (one) => this.#row(one))}</tbody>
    </table></div>`;
  }

  #row(one) {
    const traffic = one.sent === null ? "–" : t("console.traffic", { sent: bytes(one.sent), received: bytes(one.received) });
    return html`<tr>
      <th scope="row"><a href=${`/server/users/${one.user}`} dir="auto">${one.name}</a> <small>@${one.username}</small></th>
      <td data-label=${t("console.column.address")}>${one.address}</td>
      <td class="agent" data-label=${t("console.column.with")} title=${one.agent}>${one.client ?? one.agent}${one.program ? html` <span class="tag">${t("console.program")}</span>` : nothing}</td>
      <td data-label=${t("console.column.transport")}>${one.transport === "websocket" ? "WebSocket" : t("console.polling")}</td>
      <td class="number" data-label=${t("console.column.rooms")}>${whole(one.rooms)}</td>
      <td data-label=${t("console.column.since")}><time datetime=${one.since}>${ago(one.since)}</time></td>
      <td data-label=${t("console.column.traffic")}>${traffic}</td>
      <td class="acts">
        ${this.#button("unplug", "console.close", () => this.#close(one))}
        ${this.#button("log-out", "console.signOut", () => this.#signOut(one))}
        <a class="icon-button" href=${`/server/users/${one.user}#ban`} aria-label=${t("console.ban")} title=${t("console.ban")}>${icon("ban")}</a>
      </td>
    </tr>`;
  }

  #button(sign, key, act) {
    return html`<button type="button" class="icon-button" aria-label=${t(key)} title=${t(key)} @click=${act}>${icon(sign)}</button>`;
  }

  #onInput(event) {
    this.#choose({ query: event.target.value.trim() }, PAUSE);
  }

  #choose(chosen, wait = 0) {
    Object.assign(this, chosen);
    this.#soon(wait);
  }

  #soon(wait) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#load(), wait);
  }

  get #wanted() {
    const descending = SORTS.find(([name]) => name === this.sort)[1];
    return { query: this.query, sort: this.sort, descending, ...(this.transport ? { transport: this.transport } : {}) };
  }

  /** The first page, and again after a while for as long as nobody has gone further. */
  async #load() {
    const turn = ++this.#turn;
    if (!this.live) return;
    try {
      const found = await this.request("connection_list", this.#wanted);
      if (turn !== this.#turn) return;
      this.found = found;
      this.error = null;
    } catch (error) {
      if (turn !== this.#turn) return;
      this.error = error.code === "disconnected" ? null : error;
    }
    this.#soon(AGAIN);
  }

  async #more() {
    const turn = ++this.#turn;
    clearTimeout(this.#timer);
    try {
      const further = await this.request("connection_list", { ...this.#wanted, after: this.found.next });
      if (turn !== this.#turn) return;
      this.found = { ...further, connections: [...this.found.connections, ...further.connections] };
    } catch (error) {
      toast({ error });
    }
  }

  async #close(one) {
    await this.#act(() => this.request("connection_close", { id: one.id, user: one.user }), "console.closed", one);
  }

  async #signOut(one) {
    const sure = await ask({ heading: t("console.signOutHeading", { name: one.name }), text: t("console.signOutText"), confirm: t("console.signOut") });
    if (sure) await this.#act(() => this.request("user_sign_out", { user: one.user }), "console.signedOut", one);
  }

  async #act(work, done, { name }) {
    try {
      await work();
      toast({ text: t(done, { name }) });
      this.#soon(0);
    } catch (error) {
      toast({ error });
    }
  }
}

customElements.define("hub-connections", HubConnections);
