import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { beforeEach, describe, it, mock } from "node:test";
import { Socket } from "../../static/js/socket.js";
import { settle } from "./support.js";

/** What socket.io-client looks like from outside, in our hands. */
class Library extends EventEmitter {
  connected = false;
  id = undefined;
  sendBuffer = [];
  connects = 0;
  emitted = [];
  answer = async () => ({ ok: true });
  io = Object.assign(new EventEmitter(), { opts: {}, engine: null });

  connect() {
    this.connects += 1;
    this.io.engine = Object.assign(new EventEmitter(), { readyState: "opening", transport: null });
  }

  disconnect() {
    if (!this.connected) return;
    this.connected = false;
    this.emit("disconnect", "io client disconnect");
  }

  engineOpens(name) {
    Object.assign(this.io.engine, { transport: { name, query: { EIO: 4 } }, readyState: "open" });
    this.io.engine.emit("handshake", { pingInterval: 25_000, pingTimeout: 20_000 });
    this.io.emit("open");
  }

  opens(name = "websocket") {
    this.engineOpens(name);
    this.connected = true;
    this.id = "sid";
    this.emit("connect");
  }

  timeout() {
    return { emitWithAck: (...args) => this.answer(...args) };
  }

  get volatile() {
    return { emit: (...args) => this.emitted.push(args) };
  }
}

describe("the socket", () => {
  let library, socket, heard, given;

  beforeEach(() => {
    mock.timers.reset();
    mock.timers.enable({ apis: ["setTimeout"] });
    heard = [];
    socket = new Socket({
      connect: (...args) => {
        given = args;
        return (library = new Library());
      },
    });
    socket.on("open", () => heard.push("open"));
    socket.on("closed", ({ reason, refusal }) => heard.push([reason, refusal?.code ?? null]));
  });

  it("asks for what the protocol says, and leaves trying again to the connection", () => {
    const [url, options] = given;
    assert.equal(url, "/chat");
    assert.deepEqual(options.auth, { protocol: 1, client: "hubbub-web" });
    assert.deepEqual([options.transports, options.tryAllTransports, options.reconnection, options.autoConnect], [["websocket", "polling"], true, false, false]);
  });

  it("opens once at a time, and tells each end once", () => {
    socket.open();
    socket.open();
    assert.equal(library.connects, 1);
    library.opens();
    socket.open();
    assert.equal(library.connects, 1);
    library.connected = false;
    library.emit("disconnect", "transport close");
    library.emit("connect_error", new Error("late"));
    assert.deepEqual(heard, ["open", ["transport close", null]]);
  });

  it("tells why it was refused", () => {
    socket.open();
    library.emit("connect_error", Object.assign(new Error("Sign in."), { data: { code: "unauthenticated" } }));
    assert.deepEqual(heard, [["refused", "unauthenticated"]]);
  });

  it("gives up on a server that never answers CONNECT", () => {
    socket.open();
    library.engineOpens("websocket");
    mock.timers.tick(12_000);
    assert.deepEqual(heard, [["timeout", null]]);
  });

  it("begins with long-polling after a handshake that hung", () => {
    socket.open();
    assert.deepEqual(library.io.opts.transports, ["websocket", "polling"]);
    library.emit("connect_error", new Error("timeout"));
    socket.open();
    assert.deepEqual(library.io.opts.transports, ["polling", "websocket"]);
    library.opens("polling");
    assert.deepEqual([socket.transport, socket.transportWhy], ["polling", "fallback"]);
  });

  it("knows its transport and why", () => {
    socket.open();
    library.opens("polling");
    assert.deepEqual([socket.transport, socket.transportWhy, socket.engineProtocol, socket.pingInterval], ["polling", "websocket_failed", 4, 25_000]);
    library.io.engine.emit("upgradeError", new Error("probe error: blocked"));
    assert.deepEqual([socket.transportWhy, socket.upgradeError], ["upgrade_failed", "probe error: blocked"]);
    library.io.engine.transport.name = "websocket";
    library.io.engine.emit("upgrade");
    assert.deepEqual([socket.transport, socket.transportWhy], ["websocket", "upgraded"]);
  });

  it("never sends without a connection, nor later what it could not send", async () => {
    await assert.rejects(socket.command("time"), { code: "disconnected", retryable: true });
    socket.tell("typing", {});
    assert.deepEqual(library.emitted, []);
    socket.open();
    library.opens();
    library.sendBuffer.push("kept back by the library");
    library.connected = false;
    library.emit("disconnect", "ping timeout");
    assert.equal(library.sendBuffer.length, 0);
  });

  it("turns acks into results and errors", async () => {
    socket.open();
    library.opens();
    library.answer = async (name, payload) => ({ ok: true, name, payload });
    assert.deepEqual(await socket.command("history", { room: 1 }), { ok: true, name: "history", payload: { room: 1 } });
    library.answer = async () => ({ ok: false, error: { code: "rate_limited", message: "Slower.", retry_after: 2.5, retryable: true } });
    await assert.rejects(socket.command("x"), { code: "rate_limited", message: "Slower.", retryAfter: 2.5, retryable: true, field: null });
    for (const nonsense of [undefined, null, {}, "no", { ok: 1 }]) {
      library.answer = async () => nonsense;
      await assert.rejects(socket.command("x"), { code: "internal" });
    }
    library.answer = () => Promise.reject(new Error("operation has timed out"));
    await assert.rejects(socket.command("x"), { code: "timeout", retryable: true });
  });

  it("says disconnected for what was in flight at the end", async () => {
    socket.open();
    library.opens();
    let fail;
    library.answer = () => new Promise((_, reject) => (fail = reject));
    const waiting = assert.rejects(socket.command("x"), { code: "disconnected" });
    await settle(2);
    library.connected = false;
    fail(new Error("socket has been disconnected"));
    await waiting;
  });

  it("hands on the facts of the protocol", () => {
    const facts = [];
    socket.on("fact", ({ name, payload }) => facts.push([name, payload]));
    library.emit("heads", { rooms: {} });
    library.emit("something_else", 1);
    assert.deepEqual(facts, [["heads", { rooms: {} }]]);
  });
});
