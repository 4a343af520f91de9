import { html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";

import { errorText } from "../lib/errors.js";
import { t } from "../lib/i18n.js";
import { comeToRest } from "../lib/later.js";
import { dayLabel } from "../lib/time.js";
import { watch } from "../lib/watch.js";
import { rows as toRows } from "../models/grouping.js";
import { holdPlace, restorePlace } from "./shared/anchor.js";
import { Beginning } from "./shared/beginning.js";
import { byDay } from "./shared/by-day.js";
import { HubElement } from "./shared/element.js";
import { lastVisible, rowFor } from "./shared/list-keys.js";
import { LongPress } from "./shared/long-press.js";
import { commandOf } from "./shared/message-commands.js";
import { keepPlace } from "./shared/place.js";
import { RowWindow } from "./shared/row-window.js";
import { mayEdit } from "./shared/rights.js";
import { rowSkeletons } from "./shared/skeleton.js";
import { stir } from "./shared/stir.js";
import { systemText } from "./shared/system.js";
import { roomLabel } from "./shared/words.js";
import { toast } from "./hub-toast.js";
import "./hub-beginning.js";
import "./hub-message.js";
import "./hub-pill.js";

const AT_END = 100;
const AHEAD = 700;
/** How long a message that was jumped to stands out. */
const FLASH = 1_800;
const NONE = [];

/** The message list: draws a window of the timeline, follows its end, and never moves what is being read. */
export class HubMessages extends HubElement {
  static properties = {
    client: { attribute: false },
    room: { attribute: false },
    /** The message that the address asks for: {room, seq, focus}, a new object each time. */
    target: { attribute: false },
    following: { state: true },
    faraway: { state: true },
    editing: { state: true },
  };

  #watch = watch(this);
  #window = new RowWindow();
  #stopTimeline = null;
  #timeline = null;
  #placed = false;
  /** Where this room is begun, from when it is opened until it has its place. */
  #beginning = null;
  #leave = () => this.#placed && keepPlace(this.room.id, this.#list, this.following);
  /** Whether whoever edits came from the composer. */
  #fromComposer = false;
  /** Whether the newest message was among the rows when they were drawn last. */
  #endDrawn = false;
  /** Where the list was scrolled to, when it was brought to its end last. */
  #put = Infinity;
  /** The highest seq that has been in view. */
  #seen = 0;
  /** The pane or a row changed its height: a keyboard opened, a font came late. */
  #resized = new ResizeObserver(() => {
    if (this.#placed && this.following) this.#scrollToEnd();
    this.#letScrollByKeyboard();
  });

  constructor() {
    super();
    this.following = true;
    this.faraway = false;
    this.editing = null;
    new LongPress(this, "hub-message", (row) => row.message && !row.editing && row.openMenu("all", row, true));
    this.addEventListener("hub-show", (event) => this.show(event.detail.seq));
    this.addEventListener("hub-edit", (event) => this.#edit(event.detail.message));
    this.addEventListener("hub-edit-done", (event) => this.#edited(event.detail.message));
  }

  connectedCallback() {
    super.connectedCallback();
    window.addEventListener("pagehide", this.#leave);
    if (this.hasUpdated) this.#observe();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    window.removeEventListener("pagehide", this.#leave);
    this.#resized.disconnect();
    this.#stopTimeline?.();
    this.#stopTimeline = null;
    this.#timeline = null;
    if (this.room) this.client.reads.setAtEnd(this.room.id, false);
  }

  /** Scroll to the newest message, loading it first where the timeline stands elsewhere. */
  async toEnd() {
    const { timeline } = this.room;
    this.#beginning?.skip();
    if (timeline.loaded) await timeline.loadNewest();
    this.#window.reset();
    this.following = true;
    this.requestUpdate();
    await this.updateComplete;
    this.#scrollToEnd();
  }

  /** Bring a message into view and let it stand out, loading what is around it where it is not here. */
  async show(seq, { focus = true } = {}) {
    const { room } = this;
    const { timeline } = room;
    this.following = false;
    if (!timeline.get(seq)) {
      await timeline.jumpTo(seq);
      if (room !== this.room) return;
      if (timeline.error) return toast({ error: timeline.error });
    }
    this.#window.show(timeline.messages, seq);
    this.requestUpdate();
    await this.updateComplete;
    if (room === this.room) this.#reveal(seq, { focus });
  }

  /** Edit my last message, if that is offered. @returns {boolean} whether it is */
  editLast() {
    const { client, room } = this;
    if (!room.timeline?.atEnd) return false;
    // What is on its way is the last one, and can't be edited yet: then rather nothing than another.
    if (client.outbox.entries(room.id).some((entry) => entry.state !== "failed")) return true;
    const last = room.timeline.messages.findLast((message) => message.author.id === client.me.id && !message.deleted);
    if (!last || !mayEdit(client, room, last)) return false;
    this.#edit(last, { fromComposer: true });
    return true;
  }

  /** However many messages come in a frame, the list is drawn once in it. */
  async scheduleUpdate() {
    if (this.hasUpdated && !document.hidden) await new Promise((drawn) => requestAnimationFrame(drawn));
    return super.scheduleUpdate();
  }

  willUpdate(changed) {
    if (changed.has("room")) this.#enter(changed.get("room"));
    const { client, room } = this;
    const { timeline } = room;
    this.#watch.set(room, timeline, room.originals, client.actions, client.outbox, client.people, client.connection);
    if (timeline !== this.#timeline) this.#listen(timeline);
    if (changed.has("target") && !changed.has("room") && this.target?.room === room.id) this.show(this.target.seq, this.target);
  }

  update(changed) {
    const list = this.#list;
    const held = list && this.#placed && !this.following && !changed.has("room") ? holdPlace(list) : [];
    super.update(changed);
    // The rows draw themselves a moment later: now, so that their heights are known.
    for (const row of this.querySelectorAll("hub-message, hub-beginning")) row.drawNow();
    if (this.#placed && !changed.has("room")) {
      if (this.following) this.#scrollToEnd();
      else restorePlace(this.#list, held);
    }
  }

  render() {
    const { room } = this;
    const { timeline } = room;
    const shown = Boolean(timeline?.loaded) && !this.#beginning.seeking;
    const rows = shown ? this.#rows() : [];
    this.#endDrawn = shown && timeline.atEnd && this.#window.open;
    const unseen = this.following ? 0 : Math.max(0, room.head.seq - this.#seen);
    return html`<div class="messages" role="log" tabindex="0" aria-label=${t("messages.label", { room: roomLabel(room) })}
        aria-busy=${timeline?.loading ? "true" : "false"} @scroll=${this.#onScroll} @keydown=${this.#onKey}>
        <div class="all-rows">
          ${shown ? nothing : this.#waiting(timeline)}
          ${shown && timeline.moreBefore ? html`<div class="loading-before">${timeline.error ? this.#failed(timeline) : rowSkeletons(3)}</div>` : nothing}
          ${repeat(byDay(rows), (day) => day.key, (day) => html`<div class="day-group">
            ${day.day ? html`<div class="day"><time datetime=${day.day.date}>${dayLabel(day.day.date)}</time></div>` : nothing}
            ${repeat(day.rows, (row) => row.key, (row) => this.#row(row))}
          </div>`)}
        </div>
      </div>
      <hub-pill .unseen=${unseen} .shown=${this.#placed && !this.following && (unseen > 0 || this.faraway)} @click=${this.#onPill}></hub-pill>`;
  }

  firstUpdated() {
    this.#observe();
  }

  updated() {
    const { timeline } = this.room;
    if (timeline?.loaded && !this.#placed && !this.#beginning.seek()) this.#place();
    this.#fill();
  }

  get #list() {
    return this.querySelector(".messages");
  }

  #observe() {
    this.#resized.observe(this.#list);
    this.#resized.observe(this.#list.firstElementChild);
  }

  #enter(before) {
    if (before) this.client.reads.setAtEnd(before.id, false);
    this.#window.reset();
    this.#placed = false;
    this.following = true;
    this.faraway = false;
    this.#seen = this.room.head.seq;
    this.#beginning?.skip();
    this.#beginning = new Beginning(this.client, this.room, this.target, () => this.requestUpdate());
    this.editing = null;
  }

  #listen(timeline) {
    this.#stopTimeline?.();
    this.#timeline = timeline;
    this.#stopTimeline = timeline?.on("change", ({ kind } = {}) => {
      if (kind === "replace") this.#window.reset();
    });
  }

  #rows() {
    const { client, room } = this;
    const { timeline } = room;
    const messages = this.#window.slice(timeline.messages, this.following);
    const entries = timeline.atEnd && this.#window.open ? client.outbox.entries(room.id) : [];
    const start = !timeline.moreBefore && messages[0] === timeline.messages[0];
    // Where the first unread message is not among these, the line would stand at a wrong place.
    const newAfter = start || (messages.length && messages[0].seq <= room.newAfter + 1) ? room.newAfter : null;
    return toRows({ messages, entries, me: client.me, newAfter, start });
  }

  #row(row) {
    const { client, room } = this;
    switch (row.type) {
      case "start":
        return html`<hub-beginning .client=${client} .room=${room}></hub-beginning>`;
      case "new":
        return html`<div class="new-line" role="separator" aria-label=${t("messages.new")}>${t("messages.new")}</div>`;
      case "system":
        return html`<div class="system-row" data-key=${row.key} dir="auto">${systemText(row.message, client.people.author(row.message.author))}</div>`;
      default:
        return this.#message(row);
    }
  }

  #message({ key, message = null, entry = null, first }) {
    const { client, room } = this;
    const replyTo = message?.reply_to ?? entry?.replyTo;
    // One template for both, so that a sent message keeps its element when its stored form comes.
    return html`<hub-message data-key=${key} role="article" tabindex="-1" .client=${client} .room=${room} .message=${message} .entry=${entry}
      .author=${message ? client.people.author(message.author) : client.me} .first=${first} .original=${replyTo ? room.originals.get(replyTo) : undefined}
      .reactions=${message ? client.actions.reactions(message) : NONE} .editing=${message !== null && this.editing === message.id}
      .stalled=${entry ? client.connection.troubled : false}></hub-message>`;
  }

  #waiting(timeline) {
    return timeline?.error ? this.#failed(timeline) : html`<div class="loading">${rowSkeletons(7)}</div>`;
  }

  #failed(timeline) {
    return html`<p class="load-failed" role="alert">${errorText(timeline.error)}
      <button type="button" class="link-button" @click=${() => timeline.retry()}>${t("app.tryAgain")}</button></p>`;
  }

  /** The first sight of a room: where the reader was, what the address names, its "New" line where there is one, else its end. */
  #place() {
    this.#placed = true;
    comeToRest();
    const list = this.#list;
    this.#scrollToEnd();
    const line = list.querySelector(".new-line");
    const { kept, target, skipped } = this.#beginning;
    if (kept) {
      restorePlace(list, kept.held);
      this.#seen = this.#lastSeen();
    } else if (target) {
      this.#window.show(this.room.timeline.messages, target.seq);
      this.#reveal(target.seq, target);
    } else if (line && !skipped) {
      const above = line.getBoundingClientRect().top - list.getBoundingClientRect().top - list.clientHeight / 4;
      if (above < 0) list.scrollTop += above;
      this.#seen = this.room.newAfter;
    }
    this.#look();
    this.requestUpdate();
  }

  /** Scroll to a message, or to the nearest one after it, and let it stand out for a moment. */
  #reveal(seq, { focus = true }) {
    const rows = [...this.querySelectorAll("hub-message")].filter((row) => row.message);
    const row = rows.find((one) => one.message.seq >= seq) ?? rows.at(-1);
    if (!row) return;
    const list = this.#list;
    this.following = false;
    const place = row.getBoundingClientRect();
    list.scrollTop += place.top - list.getBoundingClientRect().top - Math.max(60, (list.clientHeight - place.height) / 2);
    if (focus) row.focus({ preventScroll: true });
    row.classList.add("flash");
    setTimeout(() => row.classList.remove("flash"), FLASH);
    this.#look();
  }

  #edit(message, { fromComposer = false } = {}) {
    this.#fromComposer = fromComposer;
    this.editing = message.id;
  }

  /** The focus goes back to where the edit began. */
  async #edited(message) {
    if (this.editing === message.id) this.editing = null;
    await this.updateComplete;
    if (this.#fromComposer) this.tell("hub-write");
    else [...this.querySelectorAll("hub-message")].find((row) => row.message?.id === message.id)?.focus({ preventScroll: true });
  }

  #scrollToEnd() {
    const list = this.#list;
    list.scrollTop = list.scrollHeight;
    this.#put = list.scrollTop;
  }

  /** Code and tables that are wider than their row can be focused, so that arrow keys scroll them. */
  #letScrollByKeyboard() {
    for (const box of this.querySelectorAll(".body :is(pre, table)")) {
      if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    }
  }

  #onPill() {
    this.tell("hub-present");
    this.toEnd();
  }

  #onScroll() {
    if (!this.#placed) return;
    this.#look();
    if (!this.following) stir(this.#list);
    this.#fill();
  }

  /** Where is the reader? */
  #look() {
    const list = this.#list;
    const { timeline } = this.room;
    const left = list.scrollHeight - list.scrollTop - list.clientHeight;
    // What has come but is not drawn yet lies below: the end of the rows is not the end then.
    const atEnd = this.#endDrawn && timeline.atEnd && this.#window.open;
    // Where rows grow before their frame's layout is done, the reader has not gone anywhere.
    this.following = atEnd && (left < AT_END || (this.following && list.scrollTop >= this.#put));
    this.faraway = !atEnd || left > list.clientHeight;
    this.#seen = Math.max(this.#seen, this.following ? this.room.head.seq : this.#lastSeen());
    this.client.reads.setAtEnd(this.room.id, this.following);
  }

  /** The seq of the lowest row in view. */
  #lastSeen() {
    const rows = [...this.querySelectorAll("hub-message")];
    return lastVisible(rows, this.#list)?.message?.seq ?? 0;
  }

  /** Draw or load more before the reader comes to an edge. */
  #fill() {
    const list = this.#list;
    const { timeline } = this.room;
    if (!this.#placed || !timeline?.loaded) return;
    if (this.following) this.#seen = this.room.head.seq;
    if (list.scrollTop < AHEAD) {
      if (this.#window.up(timeline.messages)) this.requestUpdate();
      else if (timeline.moreBefore && !timeline.error) timeline.loadBefore();
    }
    const left = list.scrollHeight - list.scrollTop - list.clientHeight;
    if (left < AHEAD && !this.following) {
      if (this.#window.down(timeline.messages)) this.requestUpdate();
      else if (timeline.moreAfter && !timeline.error) timeline.loadAfter();
    }
  }

  #onKey(event) {
    if (event.target.closest("textarea, input, select")) return;
    if (event.target.matches("hub-message") && this.#onMessageKey(event, event.target)) return;
    const rows = [...this.querySelectorAll("hub-message")];
    const next = rowFor(event, rows, this.#list);
    if (!next) return;
    event.preventDefault();
    if (event.key === "End") this.toEnd();
    next.focus({ preventScroll: event.key === "End" });
  }

  /** A key on the focused row itself. @returns {boolean} whether it meant something */
  #onMessageKey(event, row) {
    if (!row.message || event.isComposing) return false;
    const command = commandOf(event, row.about);
    const menu = event.key === "Enter" || event.key === "ContextMenu" || (event.key === "F10" && event.shiftKey);
    if (!command && !menu) return false;
    event.preventDefault();
    if (command) command.run(row.about);
    else row.openMenu("more");
    return true;
  }
}

customElements.define("hub-messages", HubMessages);
