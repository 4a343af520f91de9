import { Backoff } from "../lib/backoff.js";
import { Emitter } from "../lib/emitter.js";
import { PROTOCOL } from "../events.js";
import { RoundTrips } from "./round-trips.js";
import { Wake } from "./wake.js";

const TROUBLED_AFTER = 3_000;
const STABLE_AFTER = 5_000;
/** A connection that answered so lately is not doubted. */
const TRUSTED_FOR = 5_000;
/** How long an answer may take after a sleep: longer on lines that are known to be slow. */
const CHECK_TIMEOUT = 2_500;
const CHECK_TIMEOUT_SLOW = 8_000;
const SLOWER = 4;
const STALE_TRY = 1_000;

/** Refusals that trying again by itself would not change. */
const FINAL = new Set(["unauthenticated", "banned", "forbidden", "forbidden_origin", "protocol"]);
const CROWDED = 15_000;

/**
 * Keeps the socket connected and knows how it is doing.
 *
 * Events: "change"; "samples" when a round trip was measured; "open" and "lost" around every connection.
 */
export class Connection extends Emitter {
  #socket;
  #page;
  #backoff;
  #retryTimer = null;
  #troubledTimer = null;
  #stableTimer = null;
  #trips;
  #wake;
  #checking = false;
  #triedAt = 0;
  #everConnected = false;

  /** @type {"connecting" | "live" | "polling" | "reconnecting" | "offline" | "refused" | "ended"} */
  state = "connecting";
  since = Date.now();
  troubled = false;
  nextTryAt = null;
  attempts = 0;
  reason = null;
  reasonText = "";
  heartbeats = 0;
  reconnects = 0;
  connectedSince = null;

  constructor(socket, page, { random } = {}) {
    super();
    this.#socket = socket;
    this.#page = page;
    this.#backoff = new Backoff({ base: 1000, max: 20_000, random });
    this.#trips = new RoundTrips(socket, page);
    this.#trips.on("samples", () => this.emit("samples"));
    this.#wake = new Wake(page);
    this.#wake.on("wake", () => this.#woke());
    socket.on("open", () => this.#opened());
    socket.on("closed", (detail) => this.#closed(detail));
    socket.on("transport", () => this.#transportChanged());
    socket.on("heartbeat", () => {
      this.heartbeats += 1;
      this.emit("change");
    });
    page.on("change", () => this.#pageChanged());
  }

  start() {
    this.#wake.start();
    this.#expectTrouble();
    this.#try();
  }

  retryNow() {
    if (this.connected || this.state === "ended") return;
    this.#backoff.reset();
    this.#try();
  }

  /** The session is over: stay away. */
  end(reason) {
    const wasConnected = this.connected;
    clearTimeout(this.#retryTimer);
    this.#wake.stop();
    this.#trips.stop();
    this.nextTryAt = null;
    this.reason = reason;
    this.#enter("ended");
    this.#socket.close();
    if (wasConnected) this.emit("lost");
  }

  get connected() {
    return this.state === "live" || this.state === "polling";
  }

  get transport() {
    return this.#socket.transport;
  }

  get transportWhy() {
    return this.#socket.transportWhy;
  }

  get upgradeError() {
    return this.#socket.upgradeError;
  }

  get sid() {
    return this.#socket.sid;
  }

  get pingInterval() {
    return this.#socket.pingInterval;
  }

  get pingTimeout() {
    return this.#socket.pingTimeout;
  }

  get versions() {
    return { chat: PROTOCOL, socketio: 5, engineio: this.#socket.engineProtocol ?? 4 };
  }

  get samples() {
    return this.#trips.samples;
  }

  get latency() {
    return this.#trips.latest?.ms ?? null;
  }

  /** Somebody looks at the round trips: measure them often, until nobody does. */
  measureOften(often) {
    this.#trips.often(often);
  }

  /** Plain text for whoever helps; it holds no secret and no content. */
  report() {
    const trips = this.samples.map((sample) => (sample.ms === null ? "lost" : Math.round(sample.ms)));
    const lines = {
      state: this.state,
      since: new Date(this.since).toISOString(),
      reason: this.reason ?? "-",
      transport: `${this.transport ?? "none"} (${this.transportWhy ?? "first choice"})`,
      "upgrade error": this.upgradeError || "-",
      "round trips ms": trips.join(" ") || "-",
      heartbeats: this.heartbeats,
      reconnects: this.reconnects,
      "ping interval/timeout ms": `${this.pingInterval ?? "-"}/${this.pingTimeout ?? "-"}`,
      versions: `chat ${this.versions.chat}, Socket.IO ${this.versions.socketio}, Engine.IO ${this.versions.engineio}`,
      browser: globalThis.navigator?.userAgent ?? "-",
      online: this.#page.online,
    };
    return Object.entries(lines).map(([name, value]) => `${name}: ${value}`).join("\n");
  }

  #try() {
    clearTimeout(this.#retryTimer);
    this.nextTryAt = null;
    this.attempts += 1;
    this.#triedAt = Date.now();
    this.#enter(this.#away());
    this.#socket.open();
  }

  #opened() {
    if (this.state === "ended") return;
    clearTimeout(this.#troubledTimer);
    clearTimeout(this.#retryTimer);
    this.#troubledTimer = null;
    this.troubled = false;
    this.nextTryAt = null;
    this.attempts = 0;
    this.reason = null;
    this.reasonText = "";
    this.connectedSince = Date.now();
    if (this.#everConnected) this.reconnects += 1;
    this.#everConnected = true;
    // Not at once: a server that takes and drops connections must not be asked faster and faster.
    this.#stableTimer = setTimeout(() => this.#backoff.reset(), STABLE_AFTER);
    this.#enter(this.#socket.transport === "polling" ? "polling" : "live");
    this.emit("open");
    this.#trips.start();
  }

  #closed({ reason, refusal }) {
    const wasConnected = this.connected;
    clearTimeout(this.#stableTimer);
    this.#trips.stop();
    this.connectedSince = null;
    if (this.state === "ended") return;
    this.reason = refusal?.code ?? reason;
    this.reasonText = refusal?.message ?? "";
    this.#expectTrouble();
    if (refusal && FINAL.has(refusal.code)) this.#enter("refused");
    else this.#schedule(refusal?.code === "too_many_connections");
    if (wasConnected) this.emit("lost");
    if (refusal) return this.emit("refused", refusal);
    if (!this.#checking) return;
    // It did not survive a sleep, and that is over.
    this.#checking = false;
    this.retryNow();
  }

  #schedule(crowded) {
    const wait = Math.max(this.#backoff.next(), crowded ? CROWDED : 0);
    clearTimeout(this.#retryTimer);
    this.nextTryAt = Date.now() + wait;
    this.#retryTimer = setTimeout(() => this.#try(), wait);
    this.#enter(crowded ? "refused" : this.#away());
  }

  /** The name of being away. The browser's word for "offline" is not trusted further: a server may run on this machine. */
  #away() {
    if (!this.#page.online) return "offline";
    return this.#everConnected || this.reason ? "reconnecting" : "connecting";
  }

  #enter(state) {
    if (this.state !== state) this.since = Date.now();
    this.state = state;
    this.emit("change");
  }

  #expectTrouble() {
    if (this.troubled) return;
    // From the first loss on, however often it is tried in vain meanwhile.
    this.#troubledTimer ??= setTimeout(() => {
      this.troubled = true;
      this.emit("change");
    }, TROUBLED_AFTER);
  }

  #transportChanged() {
    if (this.connected) this.#enter(this.#socket.transport === "polling" ? "polling" : "live");
  }

  #pageChanged() {
    if (this.connected) {
      const heard = Math.max(this.#trips.latest?.at ?? 0, this.connectedSince);
      if (this.#page.visible && Date.now() - heard > TRUSTED_FOR) this.#check();
      return;
    }
    const waiting = this.nextTryAt !== null && this.state !== "refused";
    if (!waiting) return;
    if (this.#page.online && (this.state === "offline" || this.#page.visible)) this.retryNow();
    else this.#enter(this.#away());
  }

  /** Time has passed without this page: a connection may be dead without a word, and a try hang that was under way. */
  #woke() {
    if (this.connected) {
      this.#check();
    } else if (this.state !== "refused" && this.state !== "ended") {
      if (Date.now() - this.#triedAt > STALE_TRY) this.#socket.close();
      this.retryNow();
    }
  }

  /** Have the connection prove that it lives, soon. Its heartbeat would take most of a minute to miss the server. */
  async #check() {
    if (this.#checking) return;
    this.#checking = true;
    const known = this.latency ?? 0;
    const answered = await this.#trips.measure(Math.min(CHECK_TIMEOUT_SLOW, Math.max(CHECK_TIMEOUT, SLOWER * known)));
    if (!answered) this.#socket.close();
    this.#checking = false;
  }
}
