import { html, nothing } from "lit";

import { noticeText } from "../lib/errors.js";
import { t } from "../lib/i18n.js";
import { atRest } from "../lib/later.js";
import { watch } from "../lib/watch.js";
import { isBanned, showDecided } from "./page/decided.js";
import { Dialogs, loadDialogs } from "./page/dialogs.js";
import { firstMessages } from "./page/first-messages.js";
import { Panels } from "./page/panels.js";
import { openPeople } from "./page/people-openers.js";
import { readAll } from "./page/read-all.js";
import { showTitle } from "./page/title.js";
import { HubElement } from "./shared/element.js";
import { isConversation, lastRoom, messageOf, rememberRoom, roomOf, roomPath } from "./shared/route.js";
import { actionOf } from "./shared/shortcuts.js";
import { roomLabel } from "./shared/words.js";
import { toast } from "./hub-toast.js";
import "./hub-conversation.js";
import "./hub-sidebar.js";

/** The whole conversation page: its panes, its addresses, its shortcuts, its dialogs and the tab's title. */
export class HubApp extends HubElement {
  static properties = {
    client: { attribute: false },
    boot: { attribute: false },
    /** What is chosen for this browser alone, once that is loaded. */
    device: { attribute: false },
    menuOpen: { state: true },
    /** The message that the address asks for: {room, seq, focus}. */
    target: { state: true },
    /** The room that somebody has taken me out of while it was open: {id, label, open}. */
    lost: { state: true },
  };

  #watch = watch(this);
  #stops = [];
  #narrow = matchMedia("(width < 640px)");
  #started = false;
  /** The room that is drawn. */
  #drawn = null;
  #panels = new Panels(this);
  #dialogs = new Dialogs(this);

  constructor() {
    super();
    this.menuOpen = false;
    this.target = null;
    this.lost = null;
  }

  connectedCallback() {
    super.connectedCallback();
    this.#panels.begin();
    const listen = (target, type, handler) => {
      target.addEventListener(type, handler);
      this.#stops.push(() => target.removeEventListener(type, handler));
    };
    listen(window, "popstate", () => this.#follow());
    listen(document, "keydown", (event) => this.#onKey(event));
    listen(this.#narrow, "change", () => this.requestUpdate());
    listen(this, "click", (event) => this.#onClick(event));
    listen(this, "hub-open", (event) => this.go(event.detail.room, event.detail));
    listen(this, "hub-show", (event) => this.#showMessage(event));
    listen(this, "hub-present", () => this.#forgetTarget());
    listen(this, "hub-dialog", (event) => this.#show(event.detail));
    listen(this, "hub-menu", () => this.#setMenu(!this.menuOpen));
    listen(this, "hub-details", (event) => this.#panels.show(event.detail?.open ?? this.#panels.shown !== "details" ? "details" : null, event.detail?.at));
    listen(this, "hub-files", () => this.#panels.show("files", ".top .icon-button"));
    listen(this, "hub-search", (event) => this.#panels.search(event.detail ?? {}));
    listen(this, "hub-read-all", () => readAll(this.client));
    listen(this, "hub-inbox", (event) => this.#onInbox(event.detail ?? {}));
    listen(this, "hub-reports", (event) => this.#panels.show(event.detail?.open ?? this.#panels.shown !== "reports" ? "reports" : null, "[role=tab][aria-selected=true]"));
    listen(this, "hub-help", (event) => this.#panels.show(event.detail?.open ?? this.#panels.shown !== "help" ? "help" : null, "[role=tab][aria-selected=true]"));
    listen(this, "hub-write", () => this.#write());
    this.#stops.push(openPeople(this, () => ({ client: this.client, room: this.client.current, settings: this.boot.urls.settings, csrf: this.boot.csrf })));
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    for (const stop of this.#stops.splice(0)) stop();
    this.#started = false;
  }

  async scheduleUpdate() {
    const room = this.client?.current;
    if (room && this.#drawn && room !== this.#drawn && this.client.connection.connected) await firstMessages(room.timeline, () => this.drawNow());
    return super.scheduleUpdate();
  }

  willUpdate() {
    if (!this.client) return;
    if (!this.#started) this.#start();
    this.#watch.set(this.client, this.client.rooms);
    this.#openFirst();
  }

  render() {
    if (!this.client) return nothing;
    const { client, boot } = this;
    if (isBanned(client) && customElements.get("hub-banned")) return html`<hub-banned .client=${client}></hub-banned>`;
    const room = client.current;
    const { shown } = this.#panels;
    const narrow = this.#narrow.matches;
    const behind = narrow && this.menuOpen;
    return html`
      <hub-sidebar .client=${client} .boot=${boot} .current=${room?.id ?? null} .panel=${shown} ?inert=${narrow && !this.menuOpen}></hub-sidebar>
      <div class="backdrop" @click=${() => this.#setMenu(false)}></div>
      <hub-conversation role="main" .client=${client} .room=${room} .target=${this.target} .lost=${this.lost} .panel=${shown} .device=${this.device} ?inert=${behind}></hub-conversation>
      ${this.#panels.template({ inert: behind })}
      ${this.#dialogs.template({ client, boot })}
      <hub-toast></hub-toast>
    `;
  }

  updated() {
    this.classList.toggle("with-menu", this.menuOpen);
    if (this.client?.choices.density) document.documentElement.dataset.density = this.client.choices.density;
    this.classList.toggle("with-panel", this.#panels.visible);
    this.#drawn = this.client?.current ?? null;
    if (this.client) this.#title();
  }

  /**
   * Go to a room's address and open it, at the message `at` if there is one, which gets the focus unless told otherwise; with
   * `write` the field gets it.
   */
  go(id, { replace = false, at = null, focus = true, write = false } = {}) {
    const path = roomPath(id, at);
    if (location.pathname + location.search !== path) history[replace ? "replaceState" : "pushState"](null, "", path);
    this.#follow({ focus: focus && !write });
    this.menuOpen = false;
    const covered = this.#panels.giveWay();
    // Who goes through what a panel lists stays there.
    if (at && !covered && !write) return;
    if (write || (!at && matchMedia("(hover: hover)").matches)) this.#write();
    else this.updateComplete.then(() => this.querySelector(".messages")?.focus({ preventScroll: true }));
  }

  #start() {
    this.#started = true;
    const { client } = this;
    this.#stops.push(
      client.on("removed", ({ room, reason }) => this.#onRemoved(room, reason)),
      client.on("notice", (notice) => toast({ text: noticeText(notice) })),
      client.rooms.on("counts", () => this.#title()),
      client.saved.on("change", () => this.#title()),
      showDecided(client, () => this.requestUpdate()),
    );
    this.#follow();
    // Early enough to be there when the line is gone: the connection's details are a dialog too.
    atRest(() => Promise.all([loadDialogs(), this.#panels.loadAll()]));
  }

  /** Whom the server has banned sees a page that has a title of its own. */
  #title() {
    if (!isBanned(this.client)) showTitle(this.client);
  }

  #follow({ focus = true } = {}) {
    const id = roomOf(location.pathname);
    const seq = messageOf(location.search);
    this.target = id && seq ? { room: id, seq, focus } : null;
    if (id) this.client.open(id);
    else this.client.close();
  }

  /** A panel beside the list asks for a message in it; where the panel covers the list, it makes room. */
  async #showMessage({ target, detail }) {
    if (target.closest("hub-messages")) return;
    await this.#panels.uncover();
    this.querySelector("hub-messages")?.show(detail.seq);
  }

  /** Whoever goes to the newest message has left the one in the address. */
  #forgetTarget() {
    if (this.target) history.replaceState(null, "", roomPath(this.target.room));
    this.target = null;
  }

  /** The bare address shows the room that was open last, or the first one. */
  #openFirst() {
    const { client } = this;
    if (client.current) rememberRoom(client.current.id);
    if (client.phase !== "ready" || client.current || location.pathname !== "/") return;
    const room = client.rooms.get(lastRoom()) ?? client.rooms.next(null, 1);
    if (!room) return;
    history.replaceState(null, "", roomPath(room.id));
    queueMicrotask(() => this.#follow());
  }

  #onRemoved(room, reason) {
    const label = roomLabel(room);
    const here = roomOf(location.pathname) === room.id;
    if (here && reason === "removed") {
      // Not somewhere else without a word: the page says what has happened, and is there for who comes in again.
      this.lost = { id: room.id, label, open: room.kind === "public" };
      return this.#follow();
    }
    if (here) {
      history.replaceState(null, "", "/");
      this.#follow();
    }
    if (reason === "left" && room.kind === "public") {
      toast({ text: t("toast.left", { room: label }), action: t("app.undo"), run: () => this.#rejoin(room.id) });
    } else if (room.kind === "help") {
      // Resolved, by me or by another.
      toast({ text: t("toast.helped", { name: label }) });
    } else {
      toast({ text: t(this.client.sanctions.banFrom(room.id) ? "toast.banned" : reason === "removed" ? "toast.removed" : reason === "left" ? "toast.left" : "toast.deleted", { room: label }) });
    }
  }

  async #rejoin(id) {
    try {
      const room = await this.client.roomActions.join(id);
      this.go(room.id);
    } catch (error) {
      toast({ error });
    }
  }

  async #show(dialog) {
    await this.#dialogs.show(dialog, async () => {
      if (this.menuOpen) await this.#setMenu(false);
    });
  }

  async #setMenu(open) {
    this.menuOpen = open;
    await this.updateComplete;
    // Not the field: on phones that would call up the keyboard.
    const target = open ? this.querySelector("hub-sidebar [aria-current]") ?? this.querySelector("hub-menu button") : this.querySelector("hub-header .menu");
    target?.focus();
  }

  async #onInbox({ open = this.#panels.shown !== "inbox" }) {
    this.menuOpen = false;
    await this.#panels.show(open ? "inbox" : null, open ? "[role=tab][aria-selected=true]" : undefined);
  }

  #write() {
    this.updateComplete.then(() => this.querySelector("hub-composer textarea")?.focus({ preventScroll: true }));
  }

  #onClick(event) {
    const link = event.target.closest?.("a[href]");
    if (!link || event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    if (link.origin !== location.origin || !isConversation(link.pathname)) return;
    // Links in messages open elsewhere, but for those that lead to where we are.
    if (link.target && !link.closest(".body")) return;
    event.preventDefault();
    const id = roomOf(link.pathname);
    if (id) this.go(id, { at: messageOf(link.search) });
  }

  #onKey(event) {
    if (!this.client || event.defaultPrevented || document.querySelector("dialog[open], :popover-open")) return;
    const action = actionOf(event);
    switch (action?.name) {
      case "jump":
        this.menuOpen = this.#narrow.matches;
        this.updateComplete.then(() => this.querySelector("hub-jump")?.begin());
        break;
      case "shortcuts":
        this.#show({ name: "shortcuts" });
        break;
      case "search":
        // A second time it is the browser's own search.
        if (this.querySelector("hub-search input") === document.activeElement) return;
        this.#panels.search({ open: true });
        break;
      case "inbox":
        this.#onInbox({});
        break;
      case "room": {
        const next = this.client.rooms.next(this.client.current?.id ?? null, action.step, { unread: action.unread });
        if (next) this.go(next.id);
        break;
      }
      case "escape":
        return this.#escape();
      case "readAll":
        readAll(this.client);
        break;
      case "write":
        // The letter goes into the field, which has the focus by the time the browser inserts it.
        this.querySelector("hub-composer textarea")?.focus();
        return;
      default:
        return;
    }
    event.preventDefault();
  }

  #escape() {
    if (this.menuOpen && this.#narrow.matches) this.#setMenu(false);
    else if (this.#panels.escape()) return;
    else if (this.client.current) {
      this.client.reads.markRead(this.client.current.id);
      this.querySelector("hub-messages")?.toEnd();
      this.#write();
    }
  }
}

customElements.define("hub-app", HubApp);
