import { html, nothing } from "lit";

import { errorText } from "../lib/errors.js";
import { t } from "../lib/i18n.js";
import { fullTime } from "../lib/time.js";
import { copyText } from "./shared/code.js";
import { HubElement } from "./shared/element.js";
import { icon } from "./shared/icon.js";
import { roomLabel } from "./shared/words.js";

const DAYS = [1, 7, 30, 365];
const USES = [1, 5, 25, 100, 1000];

/** Makes a link into a room, and shows it: once, as nobody can look it up again. */
export class HubRoomInvite extends HubElement {
  static properties = {
    client: { attribute: false },
    room: { attribute: false },
    link: { state: true },
    error: { state: true },
    busy: { state: true },
  };

  constructor() {
    super();
    this.link = null;
    this.error = null;
    this.busy = false;
  }

  render() {
    return html`<section class="room-invite" aria-labelledby="room-invite-heading">
      <h3 id="room-invite-heading">${t("link.heading")}</h3>
      ${this.link ? this.#made() : this.#form()}
    </section>`;
  }

  /** Whether newcomers may make an account with my links. */
  get #opens() {
    return this.client.features.includes("open_links");
  }

  #form() {
    return html`<p class="hint">${t(this.#opens ? "link.textOpen" : "link.text")}</p>
      <div class="pair">
        ${this.#choice("days", DAYS, 7)}
        ${this.#choice("uses", USES, 25)}
        <button type="button" class="button quiet" ?disabled=${this.busy} @click=${this.#make}>${icon("link")}${t("link.make")}</button>
      </div>
      <p class="error" role="alert" ?hidden=${!this.error}>${this.error ? errorText(this.error) : nothing}</p>`;
  }

  #choice(name, values, usual) {
    return html`<div class="field-row">
      <label for="link-${name}">${t(`link.${name}`)}</label>
      <select id="link-${name}">${values.map((value) => html`<option value=${value} ?selected=${value === usual}>${t(`link.${name}Count`, { count: value })}</option>`)}</select>
    </div>`;
  }

  #made() {
    const { url, expires_at: end, uses } = this.link;
    return html`<div class="secret-line">
        <input class="input" readonly dir="ltr" aria-label=${t("link.heading")} .value=${url} @focus=${(event) => event.target.select()}>
        <button type="button" class="button" @click=${() => copyText(url)}>${icon("copy")}${t("app.copy")}</button>
      </div>
      <p class="hint" role="status">${t(this.#opens ? "link.whoOpen" : "link.whoMember", { room: roomLabel(this.room), count: uses, end: fullTime(end) })} ${t("link.once")}</p>`;
  }

  async #make() {
    const [days, uses] = ["days", "uses"].map((name) => Number(this.querySelector(`#link-${name}`).value));
    this.busy = true;
    this.error = null;
    try {
      const { url, expires_at: end } = await this.client.roomActions.makeLink(this.room.id, { days, uses });
      this.link = { url, expires_at: end, uses };
      await this.updateComplete;
      this.querySelector("input").focus();
    } catch (error) {
      this.error = error;
    }
    this.busy = false;
  }
}

customElements.define("hub-room-invite", HubRoomInvite);
