import { Emitter } from "../lib/emitter.js";
import { Listing } from "./listing.js";

const PAGE = 50;
const made = new WeakMap();

/** Those of a client; read when they are first looked at, and right from then on. */
export function reportsOf(client) {
  if (!made.has(client)) made.set(client, new Reports(client));
  return made.get(client);
}

/** Reports by the message that they are of, whose `id` it is, the newest first: {id, reports}. */
function byMessage(reports) {
  const groups = new Map();
  for (const report of reports) {
    if (!groups.has(report.message)) groups.set(report.message, []);
    groups.get(report.message).push(report);
  }
  return [...groups].map(([id, list]) => ({ id, reports: list }));
}

/** The open ones, or the settled ones. What is settled while it is looked at stays in its place until that is read again. */
class ReportList extends Listing {
  #request;
  #settled;

  list = null;
  /** @type {number | null} where the next page begins */
  next = null;

  constructor(request, settled) {
    super();
    this.#request = request;
    this.#settled = settled;
  }

  get groups() {
    return byMessage(this.list ?? []);
  }

  load() {
    this.next = null;
    return this.#page(null);
  }

  async more() {
    if (this.next && !this.loading && !this.error) await this.#page(this.next);
  }

  merge(reports) {
    const before = this.list;
    for (const report of reports) this.#take(report);
    return this.list !== before;
  }

  #page(before) {
    return this.read(() => this.#request("report_list", { settled: this.#settled, limit: PAGE, ...(before && { before }) }), ({ reports, next = null }) => {
      this.next = next;
      const known = new Set(before ? this.list.map(({ id }) => id) : []);
      this.list = [...(before ? this.list : []), ...reports.filter(({ id }) => !known.has(id))];
    });
  }

  #take(report) {
    const at = this.list.findIndex(({ id }) => id === report.id);
    if (at >= 0) this.list = this.list.with(at, report);
    else if ((report.settled_at !== null) === this.#settled && !(this.next && report.id < this.next)) {
      const place = this.list.findIndex(({ id }) => id < report.id);
      this.list = this.list.toSpliced(place < 0 ? this.list.length : place, 0, report);
    }
  }
}

/** What was reported in the rooms that I lead, for staff anywhere. Event: "change", also with what is around a message. */
export class Reports extends Emitter {
  #client;
  /** What was said around a message that was reported, by the message. */
  #around = new Map();

  constructor(client) {
    super();
    this.#client = client;
    this.open = new ReportList(client.request, false);
    this.settled = new ReportList(client.request, true);
    for (const list of [this.open, this.settled]) list.on("change", () => this.emit("change"));
    client.on("report", (report) => [this.open, this.settled].forEach((list) => list.heard([report])));
    client.on("welcomed", () => this.#reload());
    client.on("messages", (messages) => this.#heardMessages(messages));
  }

  /** How many messages wait for somebody. */
  get waiting() {
    return this.open.groups.filter(({ reports }) => reports.some(({ settled_at: at }) => at === null)).length;
  }

  /** Of one room. */
  waitingIn(room) {
    return this.open.groups.filter(({ reports: [first] }) => first.room === room && first.settled_at === null).length;
  }

  /** Know how many there are, from now on. */
  begin() {
    // What failed is tried again with the next connection.
    if (!this.open.loaded && !this.open.loading && !this.open.error) this.open.load();
  }

  async report({ id }, reason, comment) {
    await this.#client.request("message_report", { message: id, reason, comment });
  }

  /**
   * @param {"dismissed" | "removed" | "warned" | "muted" | "expelled" | "banned"} outcome
   * @param {boolean} [remove] deletes the message along, wherever it stands
   */
  async settle(group, outcome, remove = false) {
    await this.#client.request("report_resolve", { report: group.reports[0].id, outcome, ...(remove && { remove }) });
    // Of a room that I am not in nobody tells me.
    if (remove && this.#around.has(group.id)) await this.look(group);
  }

  /** @returns {{messages: object[] | null, error: Error | null} | undefined} undefined before anybody has looked */
  around({ id }) {
    return this.#around.get(id);
  }

  /** Read what was said around it. */
  async look({ id, reports: [{ id: report }] }) {
    this.#keep(id, { messages: this.#around.get(id)?.messages ?? null, error: null });
    try {
      const { messages } = await this.#client.request("report_context", { report });
      this.#keep(id, { messages, error: null });
    } catch (error) {
      this.#keep(id, { messages: null, error });
    }
  }

  #keep(id, found) {
    this.#around.set(id, found);
    this.emit("change");
  }

  #reload() {
    this.open.reload();
    this.settled.reload();
  }

  #heardMessages(messages) {
    let changed = false;
    for (const found of this.#around.values()) {
      if (!found.messages) continue;
      found.messages = found.messages.map((known) => {
        const now = messages.find(({ id, rev }) => id === known.id && rev > known.rev);
        changed ||= Boolean(now);
        return now ?? known;
      });
    }
    if (changed) this.emit("change");
  }
}
