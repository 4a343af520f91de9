import { html, nothing } from "lit";

import { noticeText } from "../lib/errors.js";
import { t } from "../lib/i18n.js";
import { atRest, later } from "../lib/later.js";
import { watch } from "../lib/watch.js";
import { dialogTemplate } from "./shared/dialog-templates.js";
import { HubElement } from "./shared/element.js";
import { readAll } from "./shared/read-all.js";
import { openPeople } from "./shared/people-openers.js";
import { isConversation, lastRoom, messageOf, rememberRoom, roomOf, roomPath } from "./shared/route.js";
import { actionOf } from "./shared/shortcuts.js";
import { showTitle } from "./shared/title.js";
import { roomLabel } from "./shared/words.js";
import { toast } from "./hub-toast.js";
import "./hub-conversation.js";
import "./hub-sidebar.js";

const loadDialogs = () => later(() => import("./dialogs.js"));
/** The panels beside the conversation; nobody waits for them to read it. */
const LOAD = {
  details: () => later(() => import("./hub-details.js")),
  files: () => later(() => import("./hub-files.js")),
  inbox: () => later(() => import("./hub-inbox.js")),
  search: () => later(() => import("./hub-search.js")),
};

/** The whole conversation page: its panes, its addresses, its shortcuts, its dialogs and the tab's title. */
export class HubApp extends HubElement {
  static properties = {
    client: { attribute: false },
    boot: { attribute: false },
    /** What is chosen for this browser alone, once that is loaded. */
    device: { attribute: false },
    menuOpen: { state: true },
    panel: { state: true },
    dialog: { state: true },
    /** The message that the address asks for: {room, seq, focus}. */
    target: { state: true },
  };

  #watch = watch(this);
  #stops = [];
  #narrow = matchMedia("(width < 640px)");
  #covering = matchMedia("(width < 900px)");
  #started = false;
  #searchStart = {};

  constructor() {
    super();
    this.menuOpen = false;
    /** @type {"details" | "files" | "inbox" | "search" | null} what stands beside the conversation */
    this.panel = matchMedia("(width >= 1280px)").matches && localStorage.getItem("hubbub.details") === "open" ? "details" : null;
    this.dialog = null;
    this.target = null;
  }

  connectedCallback() {
    super.connectedCallback();
    if (this.panel) this.#loaded(this.panel);
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
    listen(this, "hub-details", (event) => this.#setPanel(event.detail?.open ?? this.panel !== "details" ? "details" : null, event.detail?.at));
    listen(this, "hub-files", () => this.#setPanel("files", ".top .icon-button"));
    listen(this, "hub-search", (event) => this.#onSearch(event.detail ?? {}));
    listen(this, "hub-read-all", () => readAll(this.client));
    listen(this, "hub-inbox", (event) => this.#onInbox(event.detail ?? {}));
    listen(this, "hub-write", () => this.#write());
    this.#stops.push(openPeople(this, () => ({ client: this.client, room: this.client.current, settings: this.boot.urls.settings, csrf: this.boot.csrf })));
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    for (const stop of this.#stops.splice(0)) stop();
    this.#started = false;
  }

  willUpdate() {
    if (!this.client) return;
    if (!this.#started) this.#start();
    this.#watch.set(this.client, this.client.rooms, this.client.current);
    this.#openFirst();
  }

  render() {
    if (!this.client) return nothing;
    const { client, boot } = this;
    const room = client.current;
    const narrow = this.#narrow.matches;
    return html`
      <hub-sidebar .client=${client} .boot=${boot} .current=${room?.id ?? null} .panel=${this.panel} ?inert=${narrow && !this.menuOpen}></hub-sidebar>
      <div class="backdrop" @click=${() => this.#setMenu(false)}></div>
      <hub-conversation role="main" .client=${client} .room=${room} .target=${this.target} .panel=${this.panel} .device=${this.device} ?inert=${narrow && this.menuOpen}></hub-conversation>
      ${this.panel === "details" && room ? html`<hub-details .client=${client} .room=${room} ?inert=${narrow && this.menuOpen}></hub-details>` : nothing}
      ${this.panel === "files" && room ? html`<hub-files .client=${client} .room=${room} ?inert=${narrow && this.menuOpen}></hub-files>` : nothing}
      ${this.panel === "inbox" ? html`<hub-inbox .client=${client} ?inert=${narrow && this.menuOpen}></hub-inbox>` : nothing}
      ${this.panel === "search" ? html`<hub-search .client=${client} .start=${this.#searchStart} ?inert=${narrow && this.menuOpen}></hub-search>` : nothing}
      ${this.#dialogTemplate()}
      <hub-toast></hub-toast>
    `;
  }

  updated() {
    this.classList.toggle("with-menu", this.menuOpen);
    if (this.client?.choices.density) document.documentElement.dataset.density = this.client.choices.density;
    const needsRoom = this.panel === "details" || this.panel === "files";
    this.classList.toggle("with-panel", needsRoom ? Boolean(this.client?.current) : this.panel !== null);
    if (this.client) showTitle(this.client);
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
    const covered = this.panel !== null && this.panel !== "details" && this.#covering.matches;
    if (covered) this.panel = null;
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
      client.rooms.on("counts", () => showTitle(this.client)),
    );
    this.#follow();
    // Early enough to be there when the line is gone: the connection's details are a dialog too.
    atRest(() => Promise.all([loadDialogs(), LOAD.details(), LOAD.inbox(), LOAD.search()]));
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
    if (this.#covering.matches && this.panel) await this.#setPanel(null);
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
    if (roomOf(location.pathname) === room.id) {
      history.replaceState(null, "", "/");
      this.#follow();
    }
    if (reason === "left" && room.kind === "public") {
      toast({ text: t("toast.left", { room: label }), action: t("app.undo"), run: () => this.#rejoin(room.id) });
    } else {
      toast({ text: t(reason === "removed" ? "toast.removed" : reason === "left" ? "toast.left" : "toast.deleted", { room: label }) });
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

  #dialogTemplate() {
    const { client, boot, dialog } = this;
    // The "close" of a dialog that made room for another comes when the other is already there.
    const done = () => {
      if (this.dialog === dialog) this.dialog = null;
    };
    return dialog ? dialogTemplate(dialog, { client, boot, done }) : nothing;
  }

  /** One dialog at a time: the one that is open closes first, and with it the focus goes back. */
  async #show(dialog) {
    try {
      await loadDialogs();
    } catch {
      toast({ text: t("error.disconnected") });
      return;
    }
    this.querySelector("dialog[open]")?.close();
    this.dialog = null;
    await this.updateComplete;
    if (this.menuOpen) await this.#setMenu(false);
    this.dialog = { room: this.client.current, ...dialog };
  }

  async #setMenu(open) {
    this.menuOpen = open;
    await this.updateComplete;
    // Not the field: on phones that would call up the keyboard.
    const target = open ? this.querySelector("hub-sidebar [aria-current]") ?? this.querySelector("hub-menu button") : this.querySelector("hub-header .menu");
    target?.focus();
  }

  /** @param {string} [at] selects what of the panel is asked for */
  async #setPanel(panel, at) {
    const before = this.panel;
    if (panel && !(await this.#loaded(panel))) return;
    this.panel = panel;
    if (!this.#covering.matches) localStorage.setItem("hubbub.details", panel === "details" ? "open" : "closed");
    await this.updateComplete;
    if (at) this.querySelector(`hub-${panel} ${at}`)?.focus();
    else if (panel === "details" && this.#covering.matches) this.querySelector("hub-details .top .close")?.focus();
    else if (!panel) this.querySelector(before === "inbox" ? "hub-inbox-link button" : `hub-header .toggle-${before === "files" ? "details" : before}`)?.focus();
  }

  async #loaded(panel) {
    try {
      await LOAD[panel]();
      return true;
    } catch {
      toast({ text: t("error.disconnected") });
      return false;
    }
  }

  /** `query` asks in all rooms; without it the search begins in the room that is open. */
  async #onSearch({ query, open = query !== undefined || this.panel !== "search" }) {
    if (!open) return this.#setPanel(null);
    if (!(await this.#loaded("search"))) return;
    this.menuOpen = false;
    this.#searchStart = query === undefined ? { room: this.client.current } : { query };
    this.panel = "search";
    this.requestUpdate();
  }

  async #onInbox({ open = this.panel !== "inbox" }) {
    this.menuOpen = false;
    await this.#setPanel(open ? "inbox" : null, open ? ".pick[aria-pressed=true]" : undefined);
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
        this.#onSearch({ open: true });
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
    else if (this.panel && (this.#covering.matches || this.querySelector(`hub-${this.panel}`)?.contains(document.activeElement))) this.#setPanel(null);
    else if (this.client.current) {
      this.client.reads.markRead(this.client.current.id);
      this.querySelector("hub-messages")?.toEnd();
      this.#write();
    }
  }
}

customElements.define("hub-app", HubApp);
