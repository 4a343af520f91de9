import { html, nothing } from "lit";

import { t } from "../../lib/i18n.js";
import { later } from "../../lib/later.js";
import { toast } from "../hub-toast.js";

/** Nobody waits for them to read a conversation. */
const LOAD = {
  details: () => later(() => import("../hub-details.js")),
  files: () => later(() => import("../hub-files.js")),
  help: () => later(() => import("../hub-help.js")),
  inbox: () => later(() => import("../hub-inbox.js")),
  reports: () => later(() => import("../hub-reports.js")),
  search: () => later(() => import("../hub-search.js")),
};
/** Whether a wide page begins with the details, in this browser. */
const KEPT = "hubbub.details";

/** What stands beside the conversation, one at a time: its room's details, its files, my inbox, a search, what was reported, visitors who are to be helped. On a narrow page it covers the conversation. */
export class Panels {
  #host;
  #covering = matchMedia("(width < 900px)");
  #searchStart = {};

  /** @type {"details" | "files" | "help" | "inbox" | "reports" | "search" | null} */
  shown = matchMedia("(width >= 1280px)").matches && localStorage.getItem(KEPT) === "open" ? "details" : null;

  /** @param {import("../hub-app.js").HubApp} host draws `template()` */
  constructor(host) {
    this.#host = host;
  }

  /** Whether there is something to see: two of them are about the room that is open. */
  get visible() {
    return this.shown === "details" || this.shown === "files" ? Boolean(this.#host.client?.current) : this.shown !== null;
  }

  template({ inert }) {
    const { client } = this.#host;
    if (!this.visible) return nothing;
    switch (this.shown) {
      case "details":
        return html`<hub-details .client=${client} .room=${client.current} ?inert=${inert}></hub-details>`;
      case "files":
        return html`<hub-files .client=${client} .room=${client.current} ?inert=${inert}></hub-files>`;
      case "help":
        return html`<hub-help .client=${client} ?inert=${inert}></hub-help>`;
      case "inbox":
        return html`<hub-inbox .client=${client} ?inert=${inert}></hub-inbox>`;
      case "reports":
        return html`<hub-reports .client=${client} ?inert=${inert}></hub-reports>`;
      default:
        return html`<hub-search .client=${client} .start=${this.#searchStart} ?inert=${inert}></hub-search>`;
    }
  }

  /** Load what is shown from the start. */
  begin() {
    if (this.shown) this.#loaded(this.shown);
  }

  /** Early enough to be there when the line is gone. */
  async loadAll() {
    await Promise.all([LOAD.details(), LOAD.inbox(), LOAD.reports(), LOAD.search(), LOAD.help()]);
  }

  /** @param {string} [at] selects what of the panel is asked for, and gets the focus */
  async show(panel, at) {
    const before = this.shown;
    if (panel && !(await this.#loaded(panel))) return;
    this.#put(panel);
    if (!this.#covering.matches) localStorage.setItem(KEPT, panel === "details" ? "open" : "closed");
    await this.#host.updateComplete;
    if (at) this.#focus(`hub-${panel} ${at}`);
    else if (panel === "details" && this.#covering.matches) this.#focus("hub-details .top .close");
    else if (!panel) this.#focus(["help", "inbox", "reports"].includes(before) ? `hub-${before}-link button` : `hub-header .toggle-${before === "files" ? "details" : before}`);
  }

  /** `query` asks in all rooms; without it the search begins in the room that is open. */
  async search({ query, open = query !== undefined || this.shown !== "search" } = {}) {
    if (!open) return this.show(null);
    if (!(await this.#loaded("search"))) return;
    this.#searchStart = query === undefined ? { room: this.#host.client.current } : { query };
    this.#put("search");
  }

  /** Somebody goes to a room: what covers it goes, but for its details. @returns {boolean} whether that was so */
  giveWay() {
    if (this.shown === null || this.shown === "details" || !this.#covering.matches) return false;
    this.#put(null);
    return true;
  }

  /** The conversation is to be seen. */
  async uncover() {
    if (this.shown && this.#covering.matches) await this.show(null);
  }

  /** Close it where it covers the conversation, or has the focus. @returns {boolean} whether that was so */
  escape() {
    const inside = () => this.#host.querySelector(`hub-${this.shown}`)?.contains(document.activeElement);
    if (!this.shown || !(this.#covering.matches || inside())) return false;
    this.show(null);
    return true;
  }

  #put(panel) {
    this.shown = panel;
    // A panel behind the menu could not take the focus.
    if (panel) this.#host.menuOpen = false;
    this.#host.requestUpdate();
  }

  #focus(selector) {
    this.#host.querySelector(selector)?.focus();
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
}
