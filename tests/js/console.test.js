import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setMessages } from "../../static/js/lib/i18n.js";
import { Emitter } from "../../static/js/lib/emitter.js";
import { Figures } from "../../static/js/console/figures.js";
import { ConsoleModel } from "../../static/js/console/model.js";
import { bytes, milliseconds, rate, whole } from "../../static/js/console/numbers.js";
import { settle } from "./support.js";

const line = (process, at, values) => ({ process, at, connections: 1, ack: 1, ...values });

describe("figures of processes", () => {
  it("are added up, and of what people wait for the worst counts", () => {
    const figures = new Figures();
    figures.hear(line("a", 0, { connections: 3, ack: 2 }), 100);
    figures.hear(line("b", 1, { connections: 4, ack: 9 }), 100);
    assert.deepEqual(figures.processes, ["a", "b"]);
    assert.equal(figures.now("connections", 200), 7);
    assert.equal(figures.now("ack", 200), 9);
    assert.equal(figures.now("connections", 200, "a"), 3);
    assert.equal(figures.now("connections", 200, "nobody"), null);
  });

  it("of a process that has gone silent count no more", () => {
    const figures = new Figures();
    figures.hear(line("a", 0, { connections: 3 }), 0);
    figures.hear(line("b", 0, { connections: 4 }), 10_000);
    assert.equal(figures.now("connections", 20_000), 4);
    assert.equal(figures.now("connections", 60_000), null);
  });

  it("are an hour in steps of ten seconds, with gaps where nothing is known", () => {
    const figures = new Figures();
    figures.load({ process: "a", values: { at: [0, 10_000, 30_000], connections: [1, 2, 3], ack: [5, 6, 7] } });
    figures.load({ process: "b", values: { at: [10_500], connections: [10], ack: [1] } });
    assert.deepEqual(figures.plot(["connections", "ack"]), [[0, 10, 30], [1, 12, 3], [5, 6, 7]]);
    assert.deepEqual(figures.plot(["connections"], "b"), [[10], [10]]);
    assert.deepEqual(figures.plot(["queue"]), [[0, 10, 30], [null, null, null]]);
  });

  it("keep the worst of a step, and forget what is over an hour old", () => {
    const figures = new Figures();
    for (const [at, ack, connections] of [[0, 9, 1], [2_000, 80, 2], [4_000, 3, 5]]) figures.hear(line("a", at, { ack, connections }), at);
    assert.deepEqual(figures.plot(["ack", "connections"]), [[0], [80], [5]]);
    figures.hear(line("a", 3_700_000, { ack: 1 }), 3_700_000);
    assert.deepEqual(figures.plot(["ack"]), [[3_700], [1]]);
  });

  it("of a process that has no hour yet are none", () => {
    const figures = new Figures();
    figures.load({ process: "a", values: {} });
    assert.deepEqual(figures.plot(["ack"]), [[], []]);
  });
});

describe("the console's line", () => {
  class Line extends Emitter {
    sent = [];
    connected = false;
    command = async (name, payload) => {
      this.sent.push([name, payload]);
      return { series: [{ process: "a", values: { at: [0], connections: [4] } }] };
    };
    end(why) {
      this.ended = why;
    }
  }

  function start() {
    const socket = new Line();
    const connection = new Line();
    const page = Object.assign(new Emitter(), { visible: true });
    return { socket, connection, page, model: new ConsoleModel({ socket, connection, page }) };
  }

  it("watches while the page is seen", async () => {
    const { socket, connection, page, model } = start();
    connection.connected = true;
    connection.emit("open");
    await settle();
    assert.deepEqual(model.figures.plot(["connections"]), [[0], [4]]);
    page.visible = false;
    page.emit("change");
    await settle();
    assert.deepEqual(socket.sent, [["stats_watch", { on: true }], ["stats_watch", { on: false }]]);
  });

  it("ends for who is of the staff no more, and for a session that is over", () => {
    for (const [reason, why] of [["not_staff", "not_staff"], ["signed_out", "ended"], ["banned", "ended"]]) {
      const { socket, connection, model } = start();
      socket.emit("fact", { name: "session_ended", payload: { reason } });
      assert.equal(model.lost, why);
      assert.equal(connection.ended, why);
    }
    const { connection, model } = start();
    connection.emit("refused", { code: "forbidden" });
    assert.equal(model.lost, "not_staff");
  });
});

it("numbers are short", () => {
  setMessages("en", {});
  assert.deepEqual([whole(12_345.6), rate(0.25), rate(12.5), milliseconds(3.14)], ["12,346", "0.3", "13", "3.1 ms"]);
  assert.deepEqual([0, 1023, 1536, 5 * 2 ** 30].map(bytes), ["0 B", "1,023 B", "1.5 KB", "5 GB"]);
});
