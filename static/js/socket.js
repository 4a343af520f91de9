/**
 * The only module that knows socket.io-client: one connection to a namespace, commands as promises, facts as events.
 *
 * It never tries again by itself; `models/connection.js` decides when. Events: "open", "closed" {reason, refusal},
 * "fact" {name, payload}, "heartbeat", "transport".
 */
import { io } from "socket.io-client";
import { FACTS, PROTOCOL } from "./events.js";
import { Emitter } from "./lib/emitter.js";

const OPEN_TIMEOUT = 10_000;
const COMMAND_TIMEOUT = 10_000;

/** Why a command did not succeed: the protocol's error, or `disconnected` or `timeout`, where its fate is unknown. */
export class CommandError extends Error {
  constructor({ code = "internal", message = "", field = null, retry_after: retryAfter = null, retryable = false }) {
    super(message);
    this.name = "CommandError";
    this.code = code;
    this.field = field;
    this.retryAfter = retryAfter;
    this.retryable = retryable;
  }
}

export class Socket extends Emitter {
  #socket;
  #transports;
  #timer = null;
  #opening = false;
  #hung = false;

  /**
   * @param {{url?: string, namespace?: string, facts?: string[], token?: string, client?: string, options?: object, connect?: typeof io}} options
   *   `url` is the origin of the server, empty for the page's own; `options` go to socket.io-client; `connect` stands in
   *   for it in tests.
   */
  constructor({ url = "", namespace = "/chat", facts = Object.values(FACTS), token, client = "hubbub-web", options = {}, connect = io } = {}) {
    super();
    this.#transports = options.transports ?? ["websocket", "polling"];
    this.#socket = connect(url + namespace, {
      auth: { protocol: PROTOCOL, client, ...(token ? { token } : {}) },
      tryAllTransports: true,
      autoConnect: false,
      reconnection: false,
      forceNew: true,
      timeout: OPEN_TIMEOUT,
      ...options,
      transports: this.#transports,
    });
    this.#listen(facts);
    this.clear();
  }

  get connected() {
    return this.#socket.connected;
  }

  get sid() {
    return this.#socket.id ?? null;
  }

  /** One try. It ends in "open" or in "closed". */
  open() {
    if (this.connected || this.#opening) return;
    this.clear();
    this.#opening = true;
    // A proxy may swallow a WebSocket's handshake without a word. The next try begins with long-polling, and upgrades.
    this.#socket.io.opts.transports = this.#hung ? this.#transports.toReversed() : this.#transports;
    // socket.io-client waits for ever on a server that accepts the transport and then never answers CONNECT.
    this.#timer = setTimeout(() => {
      this.#socket.disconnect();
      this.#closed("timeout");
    }, OPEN_TIMEOUT + 2_000);
    this.#socket.connect();
    this.#socket.io.engine?.once("handshake", ({ pingInterval, pingTimeout }) => {
      this.pingInterval = pingInterval;
      this.pingTimeout = pingTimeout;
    });
  }

  close() {
    this.#socket.disconnect();
    this.#closed("closed");
  }

  /**
   * Ask the server for something. Never waits for a connection: without one it rejects at once.
   *
   * @returns {Promise<any>} the ack's result
   * @throws {CommandError}
   */
  async command(name, payload = {}, { timeout = COMMAND_TIMEOUT } = {}) {
    if (!this.connected) throw new CommandError({ code: "disconnected", retryable: true });
    let answer;
    try {
      answer = await this.#socket.timeout(timeout).emitWithAck(name, payload);
    } catch {
      throw new CommandError({ code: this.connected ? "timeout" : "disconnected", retryable: true });
    }
    if (answer?.ok === true) return answer;
    throw new CommandError(answer?.error ?? {});
  }

  /** Tell the server something whose answer does not matter, such as typing. */
  tell(name, payload) {
    if (this.connected) this.#socket.volatile.emit(name, payload);
  }

  /** Forget what was learned about the last connection's transport. */
  clear() {
    /** @type {"websocket" | "polling" | null} */
    this.transport = null;
    /** @type {null | "websocket_failed" | "upgrade_failed" | "upgraded" | "fallback"} */
    this.transportWhy = null;
    this.upgradeError = "";
    this.engineProtocol = null;
    this.pingInterval = null;
    this.pingTimeout = null;
  }

  #listen(facts) {
    const socket = this.#socket;
    socket.io.on("open", () => this.#engineOpened());
    socket.io.on("ping", () => this.emit("heartbeat"));
    socket.on("connect", () => {
      this.#opening = false;
      clearTimeout(this.#timer);
      this.emit("open");
    });
    socket.on("connect_error", (error) => {
      const refusal = error.data?.code ? { code: error.data.code, message: error.message } : null;
      if (error.message === "timeout") this.#hung = true;
      this.#closed(refusal ? "refused" : "connect_error", refusal);
    });
    socket.on("disconnect", (reason) => this.#closed(reason));
    for (const name of facts) socket.on(name, (payload) => this.emit("fact", { name, payload }));
  }

  #engineOpened() {
    const engine = this.#socket.io.engine;
    const seen = () => {
      this.transport = engine.transport.name;
      this.engineProtocol = Number(engine.transport.query?.EIO) || null;
    };
    seen();
    if (this.transport === "polling") this.transportWhy = this.#hung ? "fallback" : "websocket_failed";
    engine.on("upgrade", () => {
      seen();
      this.transportWhy = "upgraded";
      this.emit("transport");
    });
    engine.on("upgradeError", (error) => {
      if (this.transport !== "polling" || engine.readyState !== "open") return;
      this.transportWhy = "upgrade_failed";
      this.upgradeError = error.message;
      this.emit("transport");
    });
    this.emit("transport");
  }

  #closed(reason, refusal = null) {
    const wasOpen = this.#opening || this.transport !== null;
    clearTimeout(this.#timer);
    this.#opening = false;
    // What socket.io-client kept back on a dying connection would be sent on the next one, long after its command failed.
    this.#socket.sendBuffer.length = 0;
    if (!wasOpen) return;
    this.transport = null;
    this.emit("closed", { reason, refusal });
  }
}
