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

/** Time as it passes for a page that runs; `sleep` is how it passes for one that doesn't. */
function pass(ms) {
  do mock.timers.tick(Math.min(ms, 1_000));
  while ((ms -= 1_000) > 0);
}

/** The clock has gone on, and every timer is late at once. */
const sleep = (ms) => mock.timers.tick(ms);

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
    pass(10_000);
    line.lose("transport close");
    const waits = [];
    for (let n = 0; n < 7; n += 1) {
      assert.equal(connection.state, "reconnecting");
      waits.push(connection.nextTryAt - Date.now());
      pass(waits.at(-1));
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
      pass(100);
      line.lose("transport close");
      assert.equal(connection.nextTryAt - Date.now(), 1_000 * 2 ** n);
      pass(20_000);
    }
    line.succeed();
    pass(5_000);
    line.lose("transport close");
    assert.equal(connection.nextTryAt - Date.now(), 1_000);
  });

  it("is troubled after three seconds only", () => {
    line.succeed();
    line.lose("transport close");
    pass(2_999);
    assert.equal(connection.troubled, false);
    pass(1);
    assert.equal(connection.troubled, true);
    line.succeed();
    assert.equal(connection.troubled, false);
    pass(60_000);
    assert.equal(connection.troubled, false);
  });

  it("is troubled from the first loss on, however often it tries in vain", () => {
    line.succeed();
    line.lose("transport close");
    pass(1_000);
    line.lose("connect_error");
    pass(1_999);
    assert.deepEqual([connection.troubled, line.tries], [false, 2]);
    pass(1);
    assert.equal(connection.troubled, true);
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
    pass(1_000);
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
      pass(10 * 60_000);
      assert.deepEqual([connection.state, connection.reason, connection.reasonText, line.tries], ["refused", code, "No.", 1]);
      connection.retryNow();
      assert.equal(line.tries, 2);
    });
  }

  it("comes back slowly where there are too many", () => {
    line.lose("refused", { code: "too_many_connections", message: "Too many." });
    assert.deepEqual([connection.state, connection.nextTryAt - Date.now()], ["refused", 15_000]);
    pass(15_000);
    assert.equal(line.tries, 2);
  });

  it("never comes back from its end", () => {
    line.succeed();
    connection.end("signed_out");
    assert.deepEqual([connection.state, connection.reason], ["ended", "signed_out"]);
    connection.retryNow();
    pass(10 * 60_000);
    assert.equal(line.tries, 1);
    assert.deepEqual(events, ["open", "lost"]);
  });

  it("measures round trips while it is looked at", async () => {
    line.succeed();
    for (let n = 0; n < 70; n += 1) {
      pass(n ? 20_000 : 1_500);
      await settle(3);
    }
    assert.equal(connection.samples.length, 60);
    assert.equal(typeof connection.latency, "number");
    page.become({ visible: false });
    const before = connection.samples;
    pass(200_000);
    await settle();
    assert.equal(connection.samples, before);
    page.become({ visible: true });
    pass(0);
    await settle();
    assert.notEqual(connection.samples, before);
  });

  it("measures them often while somebody watches them", async () => {
    line.succeed();
    pass(1_500);
    await settle(3);
    connection.measureOften(true);
    for (let n = 0; n < 5; n += 1) {
      pass(n ? 2_000 : 0);
      await settle(3);
    }
    assert.equal(connection.samples.length, 6);
    connection.measureOften(false);
    pass(19_000);
    await settle(3);
    assert.equal(connection.samples.length, 6);
  });

  it("keeps an unanswered probe as a loss", async () => {
    line.answer = async () => {
      throw new CommandError({ code: "timeout", retryable: true });
    };
    line.succeed();
    pass(1_500);
    await settle();
    assert.deepEqual(connection.samples.map((sample) => sample.ms), [null]);
    assert.match(connection.report(), /round trips ms: lost/);
  });

  it("counts what the details show", () => {
    line.succeed();
    line.emit("heartbeat");
    line.lose("ping timeout");
    pass(1_000);
    line.succeed();
    assert.deepEqual([connection.heartbeats, connection.reconnects, connection.connectedSince], [1, 1, Date.now()]);
  });
});

describe("a sleep", () => {
  let line, page, connection, asked;
  const never = () => new Promise(() => {});
  const silent = (_name, _payload, { timeout }) => {
    asked.push(timeout);
    return new Promise((_, reject) => {
      setTimeout(() => reject(new CommandError({ code: "timeout", retryable: true })), timeout);
    });
  };

  beforeEach(() => {
    mock.timers.reset();
    mock.timers.enable({ apis: ["setTimeout", "Date"] });
    asked = [];
    line = new Line();
    page = new FakePage();
    connection = new Connection(line, page, { random: () => 1 });
    connection.start();
  });

  it("makes it ask whether the connection lives, and keeps one that does", async () => {
    line.succeed();
    pass(4_000);
    await settle();
    const { length } = connection.samples;
    sleep(60_000);
    await settle();
    assert.deepEqual([connection.state, connection.samples.length, line.tries], ["live", length + 1, 1]);
  });

  it("ends a connection that does not answer, and connects again without a wait", async () => {
    line.succeed();
    pass(4_000);
    await settle();
    line.answer = silent;
    sleep(60_000);
    await settle();
    assert.deepEqual([connection.state, asked], ["live", [2_500]]);
    pass(2_500);
    await settle();
    assert.deepEqual([connection.state, connection.nextTryAt, line.tries], ["reconnecting", null, 2]);
  });

  it("is patient with a line that was slow before", async () => {
    mock.method(performance, "now", () => Date.now());
    line.answer = () => new Promise((answer) => setTimeout(answer, 1_500, {}));
    line.succeed();
    pass(1_500);
    pass(1_500);
    await settle();
    assert.equal(connection.latency, 1_500);
    line.answer = silent;
    sleep(60_000);
    await settle();
    assert.deepEqual(asked, [6_000]);
    mock.restoreAll();
  });

  it("is seen by the page's return too: out of the browser's memory, or with the network", async () => {
    line.succeed();
    pass(4_000);
    await settle();
    line.answer = silent;
    page.emit("return");
    await settle();
    pass(2_500);
    await settle();
    assert.equal(line.tries, 2);
  });

  it("asks once, however many signs of it there are", async () => {
    line.succeed();
    pass(4_000);
    await settle();
    line.answer = silent;
    sleep(60_000);
    page.emit("return");
    page.become({ visible: true });
    await settle();
    assert.equal(asked.length, 1);
  });

  it("is over for a connection that ends while it is asked: the next try is at once", async () => {
    line.succeed();
    pass(4_000);
    await settle();
    line.answer = never;
    sleep(60_000);
    line.lose("ping timeout");
    assert.equal(line.tries, 2);
    // But only once: a server that is away is not asked faster and faster.
    line.lose("connect_error");
    assert.deepEqual([line.tries, connection.nextTryAt - Date.now()], [2, 1_000]);
  });

  it("ends a long wait, and a try that hangs", () => {
    for (let n = 0; n < 6; n += 1) {
      line.lose("connect_error");
      pass(20_000);
    }
    line.lose("connect_error");
    const { tries } = line;
    page.emit("return");
    assert.deepEqual([line.tries, connection.nextTryAt], [tries + 1, null]);
    pass(2_000);
    page.emit("return");
    assert.equal(line.tries, tries + 2);
  });

  it("changes nothing for who was refused or has signed out", () => {
    line.lose("refused", { code: "banned", message: "No." });
    sleep(60_000);
    page.emit("return");
    assert.equal(line.tries, 1);
    connection.end("signed_out");
    sleep(60_000);
    page.emit("return");
    assert.equal(line.tries, 1);
  });

  it("is not what a hidden page's rare timers look like", async () => {
    line.succeed();
    pass(4_000);
    await settle();
    page.become({ visible: false });
    line.answer = silent;
    sleep(60_000);
    await settle();
    assert.deepEqual(asked, []);
    sleep(120_000);
    await settle();
    assert.equal(asked.length, 1);
  });
});
