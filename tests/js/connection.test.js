import assert from "node:assert/strict";
import { beforeEach, describe, it, mock } from "node:test";
import { Emitter } from "../../static/js/lib/emitter.js";
import { Connection } from "../../static/js/models/connection.js";
import { CommandError } from "../../static/js/socket.js";
import { FakePage, settle } from "./support.js";

class Line extends Emitter {
  tries = 0;
  transport = null;
  transportWhy = null;
  upgradeError = "";
  sid = null;
  answer = async () => ({});

  open() {
    this.tries += 1;
  }

  close() {
    this.lose("closed");
  }

  succeed(transport = "websocket") {
    this.transport = transport;
    this.sid = `sid-${this.tries}`;
    this.emit("open");
  }

  lose(reason, refusal = null) {
    this.transport = null;
    this.emit("closed", { reason, refusal });
  }

  command(...args) {
    return this.answer(...args);
  }
}

describe("the connection", () => {
  let line, page, connection, events;

  beforeEach(() => {
    mock.timers.reset();
    mock.timers.enable({ apis: ["setTimeout", "Date"] });
    line = new Line();
    page = new FakePage();
    connection = new Connection(line, page, { random: () => 1 });
    events = [];
    connection.on("open", () => events.push("open"));
    connection.on("lost", () => events.push("lost"));
    connection.start();
  });

  it("goes from connecting to live, or to polling and up", () => {
    assert.equal(connection.state, "connecting");
    line.succeed("polling");
    assert.deepEqual([connection.state, connection.connected], ["polling", true]);
    line.transport = "websocket";
    line.emit("transport");
    assert.equal(connection.state, "live");
    assert.deepEqual(events, ["open"]);
  });

  it("tries again with growing waits and says when", () => {
    line.succeed();
    mock.timers.tick(10_000);
    line.lose("transport close");
    const waits = [];
    for (let n = 0; n < 7; n += 1) {
      assert.equal(connection.state, "reconnecting");
      waits.push(connection.nextTryAt - Date.now());
      mock.timers.tick(waits.at(-1));
      assert.equal(connection.nextTryAt, null);
      line.lose("connect_error");
    }
    assert.deepEqual(waits, [1, 2, 4, 8, 16, 20, 20].map((seconds) => seconds * 1_000));
    assert.equal(line.tries, 8);
    assert.deepEqual(events, ["open", "lost"]);
  });

  it("does not hurry for a server that takes and drops connections", () => {
    for (let n = 0; n < 4; n += 1) {
      line.succeed();
      mock.timers.tick(100);
      line.lose("transport close");
      assert.equal(connection.nextTryAt - Date.now(), 1_000 * 2 ** n);
      mock.timers.tick(20_000);
    }
    line.succeed();
    mock.timers.tick(5_000);
    line.lose("transport close");
    assert.equal(connection.nextTryAt - Date.now(), 1_000);
  });

  it("is troubled after three seconds only", () => {
    line.succeed();
    line.lose("transport close");
    mock.timers.tick(2_999);
    assert.equal(connection.troubled, false);
    mock.timers.tick(1);
    assert.equal(connection.troubled, true);
    line.succeed();
    assert.equal(connection.troubled, false);
    mock.timers.tick(60_000);
    assert.equal(connection.troubled, false);
  });

  it("tries at once when it is asked to, or when the network is back", () => {
    line.lose("connect_error");
    connection.retryNow();
    assert.equal(line.tries, 2);
    page.online = false;
    line.lose("connect_error");
    assert.equal(connection.state, "offline");
    page.become({ online: true });
    assert.equal(line.tries, 3);
    assert.equal(connection.state, "reconnecting");
  });

  it("keeps trying while the browser says offline: the server may be on this machine", () => {
    page.online = false;
    line.lose("connect_error");
    mock.timers.tick(1_000);
    assert.equal(line.tries, 2);
    line.succeed();
    assert.equal(connection.state, "live");
  });

  it("tries when the page is looked at again", () => {
    line.lose("connect_error");
    page.become({ visible: false });
    assert.equal(line.tries, 1);
    page.become({ visible: true });
    assert.equal(line.tries, 2);
  });

  for (const code of ["banned", "forbidden_origin", "protocol", "unauthenticated"]) {
    it(`stays away when it is refused: ${code}`, () => {
      line.lose("refused", { code, message: "No." });
      mock.timers.tick(10 * 60_000);
      assert.deepEqual([connection.state, connection.reason, connection.reasonText, line.tries], ["refused", code, "No.", 1]);
      connection.retryNow();
      assert.equal(line.tries, 2);
    });
  }

  it("comes back slowly where there are too many", () => {
    line.lose("refused", { code: "too_many_connections", message: "Too many." });
    assert.deepEqual([connection.state, connection.nextTryAt - Date.now()], ["refused", 15_000]);
    mock.timers.tick(15_000);
    assert.equal(line.tries, 2);
  });

  it("never comes back from its end", () => {
    line.succeed();
    connection.end("signed_out");
    assert.deepEqual([connection.state, connection.reason], ["ended", "signed_out"]);
    connection.retryNow();
    mock.timers.tick(10 * 60_000);
    assert.equal(line.tries, 1);
    assert.deepEqual(events, ["open", "lost"]);
  });

  it("measures round trips while it is looked at", async () => {
    line.succeed();
    for (let n = 0; n < 70; n += 1) {
      mock.timers.tick(n ? 20_000 : 1_500);
      await settle(3);
    }
    assert.equal(connection.samples.length, 60);
    assert.equal(typeof connection.latency, "number");
    page.become({ visible: false });
    const before = connection.samples;
    mock.timers.tick(200_000);
    await settle();
    assert.equal(connection.samples, before);
    page.become({ visible: true });
    mock.timers.tick(0);
    await settle();
    assert.notEqual(connection.samples, before);
  });

  it("measures them often while somebody watches them", async () => {
    line.succeed();
    mock.timers.tick(1_500);
    await settle(3);
    connection.measureOften(true);
    for (let n = 0; n < 5; n += 1) {
      mock.timers.tick(n ? 2_000 : 0);
      await settle(3);
    }
    assert.equal(connection.samples.length, 6);
    connection.measureOften(false);
    mock.timers.tick(19_000);
    await settle(3);
    assert.equal(connection.samples.length, 6);
  });

  it("keeps an unanswered probe as a loss", async () => {
    line.answer = async () => {
      throw new CommandError({ code: "timeout", retryable: true });
    };
    line.succeed();
    mock.timers.tick(1_500);
    await settle();
    assert.deepEqual(connection.samples.map((sample) => sample.ms), [null]);
    assert.match(connection.report(), /round trips ms: lost/);
  });

  it("counts what the details show", () => {
    line.succeed();
    line.emit("heartbeat");
    line.lose("ping timeout");
    mock.timers.tick(1_000);
    line.succeed();
    assert.deepEqual([connection.heartbeats, connection.reconnects, connection.connectedSince], [1, 1, Date.now()]);
  });
});
