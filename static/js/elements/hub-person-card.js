import { html, nothing } from "lit";

import { errorText } from "../lib/errors.js";
import { t } from "../lib/i18n.js";
import { offsetBetween, timeIn } from "../lib/zones.js";
import { watch } from "../lib/watch.js";
import { roomSanctionsOf } from "../models/room-sanctions.js";
import { statusOf } from "../models/statuses.js";
import { attempt } from "./shared/attempt.js";
import { avatar } from "./shared/avatar.js";
import { HubBeside, openBeside } from "./shared/beside.js";
import { presenceDot } from "./shared/dot.js";
import { glyph } from "./shared/glyph.js";
import { icon } from "./shared/icon.js";
import { personItems } from "./shared/person-items.js";
import { removePicture } from "./shared/portrait.js";
import { isStaff, mayModerate, mayTalkTo } from "./shared/rights.js";
import { sanctionLines } from "./shared/sanction-words.js";
import { untilText } from "./shared/status.js";
import { insert } from "./writing/text-field.js";
import { roomLabel } from "./shared/words.js";

/** What people are to the server. */
const ROLES = { owner: "card.role.owner", admin: "card.role.admin", guest: "role.guest", bot: "role.bot", visitor: "role.visitor" };
const CLOCK = 10_000;
const SOON = 300;

/** Who somebody is: a card beside their name, their face or a mention of them. Open it with `openCard()`. */
export class HubPersonCard extends HubBeside {
  static properties = {
    client: { attribute: false },
    room: { attribute: false },
    person: { attribute: false },
    settings: { attribute: false },
    csrf: { attribute: false },
    profile: { state: true },
    error: { state: true },
  };

  // It may be as high as the page: above or below its opener it would lie over it.
  align = "aside";
  #watch = watch(this);
  #clock = null;
  #again = null;
  #stop = () => {};

  constructor() {
    super();
    this.profile = null;
    this.error = null;
  }

  connectedCallback() {
    super.connectedCallback();
    this.#clock = setInterval(() => this.requestUpdate(), CLOCK);
    // What is not in a user as everybody has it is asked for again when something about them has changed.
    this.#stop = this.client.people.on("put", (users) => users.some(({ id }) => id === this.person) && this.#soon());
    this.#ask();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearInterval(this.#clock);
    clearTimeout(this.#again);
    this.#stop();
  }

  willUpdate() {
    const { client, room } = this;
    this.#watch.set(client, client.people, client.presence, room, room?.members, room && mayModerate(client.me, room) && roomSanctionsOf(client));
    if (room && !room.members.loaded && !room.members.loading && !room.members.error) room.members.load();
  }

  updated() {
    if (this.opener.isConnected) this.place();
  }

  render() {
    const { client, profile } = this;
    const user = client.people.get(this.person);
    const mine = user.id === client.me.id;
    const presence = mine ? client.presence.mine : client.presence.statusOf(user.id);
    const role = user.role && user.role !== "member" ? html`<span class="tag">${t(ROLES[user.role])}</span>` : nothing;
    return html`<div class="popup person-card" popover="manual" role="dialog" aria-labelledby="person-card-name" tabindex="-1" @keydown=${this.#onKey}>
      <div class="who">
        ${avatar(user, "large")}
        <div class="names">
          <h2 id="person-card-name" dir="auto">${user.name || "…"}</h2>
          <p>${user.username ? html`<span dir="auto">@${user.username}</span>` : nothing}${role}</p>
          <p class="presence">${presenceDot(presence)}<span aria-hidden="true">${t(`presence.${presence}`)}</span></p>
        </div>
      </div>
      ${this.#status(user)}
      ${profile?.about ? html`<p class="about" dir="auto">${profile.about}</p>` : nothing}
      <ul class="told">
        ${this.#time()}
        ${profile && !mine ? html`<li>${icon("hash")}${t("card.rooms", { count: profile.rooms })}</li>` : nothing}
      </ul>
      ${this.error ? html`<p class="error" role="alert">${errorText(this.error)} <button type="button" class="link-button" @click=${() => this.#ask()}>${t("app.tryAgain")}</button></p>` : nothing}
      <div class="buttons">${mine ? this.#mine() : this.#theirs(user)}</div>
      ${user.avatar && !mine && isStaff(client.me) ? html`<section class="in-room"><button type="button" class="danger" @click=${() => this.#leave(() => removePicture(user, this.csrf))}>${icon("trash-2")}<span>${t("card.removePicture")}</span></button></section>` : nothing}
      ${this.#inRoom(user)}
    </div>`;
  }

  #status(user) {
    const { emoji, text, until } = statusOf(user, Date.now() + this.client.clockOffset);
    if (!emoji && !text) return nothing;
    return html`<p class="status">${emoji ? html`<span class="emoji">${glyph(emoji)}</span>` : nothing}<span><span dir="auto">${text}</span>${until ? html`<small>${untilText(until)}</small>` : nothing}</span></p>`;
  }

  #time() {
    const zone = this.profile?.time_zone;
    const now = new Date(Date.now() + this.client.clockOffset);
    const time = zone ? timeIn(zone, now) : null;
    if (time === null) return nothing;
    const minutes = offsetBetween(zone, now);
    const words = minutes === 0 ? t("card.sameTime") : t(minutes > 0 ? "card.ahead" : "card.behind", { count: Math.abs(minutes) / 60 });
    return html`<li>${icon("clock")}<span>${t("card.localTime", { time })} <small>${words}</small></span></li>`;
  }

  #mine() {
    return html`<button type="button" class="button small" @click=${() => this.#leave(() => this.opener.dispatchEvent(dialog("status")))}>${icon("smile")}${t("status.set")}</button>
      <a class="button quiet small" href=${`${this.settings}#profile`}>${icon("pencil")}${t("card.edit")}</a>`;
  }

  #theirs(user) {
    const { client, room } = this;
    // Visitors are spoken to where they have asked, and only there.
    if (user.role === "visitor") return nothing;
    const alone = room?.kind === "direct" && room.others.length === 1 && room.others[0] === user.id;
    const field = room && !room.archived && user.username;
    return html`
      ${mayTalkTo(client.me) && !alone ? html`<button type="button" class="button small" @click=${() => this.#message(user)}>${icon("message-square")}${t("card.message")}</button>` : nothing}
      ${field ? html`<button type="button" class="button quiet small" @click=${() => this.#mention(user)}>${icon("at-sign")}${t("card.mention")}</button>` : nothing}`;
  }

  /** What the two of us are to each other in the room that is open. */
  #inRoom(user) {
    const { client, room } = this;
    if (!room || room.personal) return nothing;
    const member = room.members.list.find((one) => one.user.id === user.id) ?? null;
    const items = personItems(client, room, user, member);
    if (!items.length && (!member || member.role === "member")) return nothing;
    return html`<section class="in-room" aria-label=${roomLabel(room)}>
      <h3><span dir="auto">${roomLabel(room)}</span>${member ? html`<span class="tag">${t(`role.${member.role}`)}</span>` : nothing}</h3>
      ${mayModerate(client.me, room) ? sanctionLines(roomSanctionsOf(client).about(room.id, user.id)) : nothing}
      ${items.map((item) => html`<button type="button" class=${item.danger ? "danger" : ""} @click=${() => this.#leave(item.act)}>${icon(item.icon)}<span>${item.text}</span></button>`)}
    </section>`;
  }

  async #ask() {
    this.error = null;
    try {
      this.profile = await this.client.people.profile(this.person);
    } catch (error) {
      if (!this.profile) this.error = error;
    }
  }

  #soon() {
    clearTimeout(this.#again);
    this.#again = setTimeout(() => this.#ask(), SOON);
  }

  /** First back to where the focus came from, so that a dialog that comes next takes that for its own way back. */
  #leave(act) {
    this.close();
    act();
  }

  #message(user) {
    const { client, opener } = this;
    this.#leave(() => attempt(async () => {
      const room = await client.roomActions.openDirect([user.id]);
      opener.closest("dialog[open]")?.close();
      document.querySelector("hub-app").tell("hub-open", { room: room.id });
    }));
  }

  #mention(user) {
    this.#leave(() => {
      this.opener.closest("dialog[open]")?.close();
      const field = document.querySelector("hub-composer textarea");
      const gap = /\S$/.test(field?.value.slice(0, field.selectionStart) ?? "") ? " " : "";
      if (field) insert(field, `${gap}@${user.username} `);
    });
  }

  /** Escape closes the card alone; Tab stays inside. */
  #onKey(event) {
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      return this.close();
    }
    // Not for the list that the card hangs in.
    event.stopPropagation();
    if (event.key !== "Tab") return;
    const stops = [...this.querySelectorAll("button, a[href]")];
    const at = stops.indexOf(document.activeElement);
    const next = stops[(at + (event.shiftKey ? -1 : 1) + stops.length) % stops.length] ?? this.box;
    event.preventDefault();
    (at < 0 && event.shiftKey ? stops.at(-1) ?? this.box : next).focus();
  }
}

customElements.define("hub-person-card", HubPersonCard);

const dialog = (name) => new CustomEvent("hub-dialog", { detail: { name }, bubbles: true, composed: true });

/** @param {{client: object, room: object | null, settings: string, csrf: string, opener: HTMLElement, id: number}} about */
export function openCard({ client, room, settings, csrf, opener, id }) {
  const before = document.querySelector("hub-person-card");
  before?.close();
  // A second click on the same name closes it.
  if (before?.opener === opener) return;
  openBeside(Object.assign(document.createElement("hub-person-card"), { client, room, settings, csrf, opener, person: id }));
}
