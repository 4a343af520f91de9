import assert from "node:assert/strict";
import { beforeEach, describe, it, mock } from "node:test";
import { keepParts } from "../../static/js/notify/worker.js";

/** What a page sees of its worker, and what it has told it. */
class Workers extends EventTarget {
  told = [];
  controller = { postMessage: (message) => this.told.push(message) };
}

const HERE = "https://chat.example";
let workers;
let load;

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
  workers = new Workers();
  keepParts(workers, (told) => (load = (...paths) => told(paths.map((path) => HERE + path))));
});

describe("what a page tells its worker to keep", () => {
  it("is what it is made of, told together and each time whole", () => {
    load("/static/~b1/app.js", "/theme.css?u=1", "/files/3/a.png", "/socket.io/?EIO=4", "/");
    load("/static/~b1/later.js");
    assert.deepEqual(workers.told, []);
    mock.timers.tick(2_000);
    const first = [`${HERE}/static/~b1/app.js`, `${HERE}/theme.css?u=1`, `${HERE}/static/~b1/later.js`];
    assert.deepEqual(workers.told, [{ hubbub: "keep", urls: first }]);
    load("/static/~b1/dialog.js");
    mock.timers.tick(2_000);
    assert.deepEqual(workers.told[1].urls, [...first, `${HERE}/static/~b1/dialog.js`]);
  });

  it("is told to a worker that comes later, and to nobody where there is none", () => {
    const worker = workers.controller;
    workers.controller = null;
    load("/static/~b1/app.js");
    mock.timers.tick(2_000);
    assert.deepEqual(workers.told, []);
    workers.controller = worker;
    workers.dispatchEvent(new Event("controllerchange"));
    mock.timers.tick(2_000);
    assert.deepEqual(workers.told, [{ hubbub: "keep", urls: [`${HERE}/static/~b1/app.js`] }]);
  });
});
