import { html, nothing } from "lit";

import { t } from "../lib/i18n.js";
import { comeToRest } from "../lib/later.js";
import { watch } from "../lib/watch.js";
import { rows as toRows } from "../models/grouping.js";
import { holdPlace, restorePlace } from "./list/anchor.js";
import { Beginning } from "./list/beginning.js";
import { rowFor, onRowKey } from "./list/keys.js";
import { keepPlace } from "./list/place.js";
import { Reader } from "./list/reader.js";
import { RowWindow } from "./list/row-window.js";
import { beforeTemplate, rowsTemplate, waitingTemplate } from "./list/rows.js";
import { stir } from "./list/stir.js";
import { Wide } from "./list/wide.js";
import { drawRows, FrameElement } from "./shared/element.js";
import { LongPress } from "./shared/long-press.js";
import { mayEdit } from "./shared/rights.js";
import { roomLabel } from "./shared/words.js";
import { toast } from "./hub-toast.js";
import "./hub-pill.js";

/** This much is drawn beyond what is in view, in pixels. */
const AHEAD = 700;
/** Above somebody who follows the end, there is not more than this for long. */
const BEHIND = 3 * AHEAD;
/** And not more than twice as many messages are held. */
const LOADED = 300;

/** The message list: draws a window of the timeline, follows its end, and never moves what is being read. */
export class HubMessages extends FrameElement {
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
  #reader = new Reader(this);
  #wide = new Wide(this);
  #stopTimeline = null;
  #timeline = null;
  #placed = false;
  /** Where this room is begun, from when it is opened until it has its place. */
  #beginning = null;
  #leave = () => this.#placed && keepPlace(this.room.id, this.#reader.list, this.following);
  /** Whether whoever edits came from the composer. */
  #fromComposer = false;
  /** Whether the newest message was among the rows when they were drawn last. */
  #endDrawn = false;
  /**
   * The pane or its rows changed their height: messages came, a keyboard opened, a font was late. The browser has just laid
   * them out and not painted yet, so the end is followed here, and no layout has to be done before its time.
   */
  #resized = new ResizeObserver(() => {
    if (this.#placed && this.following) {
      this.#reader.toEnd();
      this.#fill();
    }
    this.#wide.look();
  });

  constructor() {
    super();
    this.following = true;
    this.faraway = false;
    this.editing = null;
    new LongPress(this, "hub-message", (row) => row.message && !row.editing && row.openMenu("all", row, true));
    new LongPress(this, ".reactions [aria-pressed]", (chip) => chip.closest("hub-reactions").showWho());
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
    this.#reader.toEnd();
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

  /** A room that was left a moment ago stands still until the next one takes its place. */
  shouldUpdate(changed) {
    return changed.has("room") || this.room === this.client.current;
  }

  willUpdate(changed) {
    if (changed.has("room")) this.#enter(changed.get("room"));
    const { client, room } = this;
    const { timeline } = room;
    this.#watch.set(room, timeline, room.originals, client.actions, client.saved, client.outbox, client.people, client.connection);
    if (timeline !== this.#timeline) this.#listen(timeline);
    if (changed.has("target") && !changed.has("room") && this.target?.room === room.id) this.show(this.target.seq, this.target);
  }

  update(changed) {
    const { list } = this.#reader;
    const held = list && this.#placed && !this.following && !changed.has("room") ? holdPlace(list) : [];
    const focused = this.#focused;
    super.update(changed);
    // The rows draw themselves a moment later: now, so that their heights are known.
    drawRows();
    if (held.length) restorePlace(this.#reader.list, held);
    // What is left of a deleted message is another row.
    if (focused && !this.#focused) this.#rowOf(focused)?.focus({ preventScroll: true });
  }

  render() {
    const { client, room } = this;
    const { timeline } = room;
    const shown = Boolean(timeline?.loaded) && !this.#beginning.seeking;
    // What is written before the first messages are there is to be seen at once all the same.
    const rows = shown ? this.#rows() : toRows({ messages: [], entries: timeline?.loaded ? [] : client.outbox.entries(room.id), me: client.me });
    this.#endDrawn = shown && timeline.atEnd && this.#window.open;
    const unseen = this.following ? 0 : Math.max(0, room.head.seq - this.#reader.seen);
    return html`<div class="messages" role="log" tabindex="0" aria-label=${t("messages.label", { room: roomLabel(room) })}
        aria-busy=${timeline?.loading ? "true" : "false"} @scroll=${this.#onScroll} @keydown=${this.#onKey}>
        ${shown ? nothing : waitingTemplate(timeline, client.connection)}
        <div class="all-rows">
          ${shown && timeline.moreBefore ? beforeTemplate(timeline, client.connection) : nothing}
          ${rowsTemplate(rows, this)}
        </div>
      </div>
      <hub-pill .unseen=${unseen} .shown=${this.#placed && !this.following && (unseen > 0 || this.faraway)} @click=${this.#onPill}></hub-pill>`;
  }

  firstUpdated() {
    this.#observe();
  }

  updated() {
    const { timeline } = this.room;
    // What else is to be drawn comes after the frame that shows the room.
    if (timeline?.loaded && !this.#placed && !this.#beginning.seek()) this.#place();
    else if (this.following) this.#reader.seen = this.room.head.seq;
    else this.#fill();
    if (this.#window.waiting) this.requestUpdate();
  }

  #observe() {
    const { list } = this.#reader;
    this.#resized.observe(list);
    this.#resized.observe(list.querySelector(".all-rows"));
  }

  #enter(before) {
    if (before) this.client.reads.setAtEnd(before.id, false);
    this.#window.reset();
    this.#placed = false;
    this.following = true;
    this.faraway = false;
    this.#reader.seen = this.room.head.seq;
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
    if (!this.#placed && !this.#beginning.named) this.#window.begin(timeline.messages, room.newAfter === null ? null : room.newAfter + 1);
    const messages = this.#window.slice(timeline.messages, this.following, (message) => message.author.id === client.me.id);
    const entries = timeline.atEnd && this.#window.open ? client.outbox.entries(room.id) : [];
    const start = !timeline.moreBefore && messages[0] === timeline.messages[0];
    // Where the first unread message is not among these, the line would stand at a wrong place.
    const newAfter = start || (messages.length && messages[0].seq <= room.newAfter + 1) ? room.newAfter : null;
    return toRows({ messages, entries, me: client.me, newAfter, start });
  }

  /** The first sight of a room: where the reader was, what the address names, its "New" line where there is one, else its end. */
  #place() {
    this.#placed = true;
    comeToRest();
    const { list } = this.#reader;
    this.#reader.toEnd();
    const line = list.querySelector(".new-line");
    const { kept, target, skipped } = this.#beginning;
    if (kept) {
      restorePlace(list, kept.held);
      this.#reader.seen = this.#reader.lowest;
    } else if (target) {
      this.#window.show(this.room.timeline.messages, target.seq);
      this.#reveal(target.seq, target);
    } else if (line && !skipped) {
      this.#reader.upTo(line);
      this.#reader.seen = this.room.newAfter;
    }
    this.#look();
    this.requestUpdate();
  }

  /** Scroll to a message, or to the nearest one after it, and let it stand out for a moment. */
  #reveal(seq, options) {
    if (!this.#reader.toMessage(seq, options)) return;
    this.following = false;
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
    else this.#rowOf(message.id)?.focus({ preventScroll: true });
  }

  /** The id of the message whose row has the focus. */
  get #focused() {
    return this.contains(document.activeElement) && document.activeElement.closest("hub-message")?.message?.id;
  }

  #rowOf(id) {
    return this.#reader.rows.find((row) => row.message?.id === id);
  }

  #onPill() {
    this.tell("hub-present");
    this.toEnd();
  }

  #onScroll() {
    if (!this.#placed || (this.following && this.#reader.resting)) return;
    this.#look();
    if (!this.following) stir(this.#reader.list);
    this.#fill();
  }

  /** Where is the reader? */
  #look() {
    const { room } = this;
    // What has come but is not drawn yet lies below: the end of the rows is not the end then.
    const atEnd = this.#endDrawn && room.timeline.atEnd && this.#window.open;
    Object.assign(this, this.#reader.look({ atEnd, following: this.following }));
    this.#reader.seen = Math.max(this.#reader.seen, this.following ? room.head.seq : this.#reader.lowest);
    this.client.reads.setAtEnd(room.id, this.following);
  }

  /** Draw or load more before the reader comes to an edge. */
  #fill() {
    const { timeline } = this.room;
    if (!this.#placed || !timeline?.loaded) return;
    const { above } = this.#reader;
    if (this.following) {
      if (above > BEHIND && this.#window.open) {
        this.#window.keep(timeline.messages, this.#reader.fitting((BEHIND * 3) / 4));
        timeline.shorten(LOADED);
        this.requestUpdate();
      }
    }
    if (above < AHEAD) {
      if (this.#window.up(timeline.messages)) this.requestUpdate();
      else if (timeline.moreBefore && !timeline.error) timeline.loadBefore();
    }
    if (this.#reader.below < AHEAD && !this.following) {
      if (this.#window.down(timeline.messages)) this.requestUpdate();
      else if (timeline.moreAfter && !timeline.error) timeline.loadAfter();
    }
  }

  #onKey(event) {
    if (event.target.closest("textarea, input, select")) return;
    if (event.target.matches("hub-message") && onRowKey(event, event.target)) return;
    const next = rowFor(event, this.#reader.rows, this.#reader.list);
    if (!next) return;
    event.preventDefault();
    if (event.key === "End") this.toEnd();
    next.focus({ preventScroll: event.key === "End" });
  }
}

customElements.define("hub-messages", HubMessages);
