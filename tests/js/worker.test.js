import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, it } from "node:test";
import vm from "node:vm";

const SOURCE = await readFile(new URL("../../static/js/sw.js", import.meta.url), "utf8");
const HERE = "https://chat.example";

/** The worker in surroundings of its own; `net` answers what it fetches, or throws. */
function worker({ build = "b1", stores = new Map(), net = async () => new Response("net"), clients = [], chromium = false } = {}) {
  const handlers = {};
  const fetched = [];
  const shown = [];
  const opened = [];
  const cacheOf = (name) => {
    if (!stores.has(name)) stores.set(name, new Map());
    const store = stores.get(name);
    const key = (request) => new URL(request.url ?? request, HERE).href;
    return {
      match: async (request) => store.get(key(request))?.clone(),
      put: async (request, response) => void store.set(key(request), response),
      add: async (request) => {
        const response = await context.fetch(request);
        if (!response.ok) throw new TypeError("not ok");
        store.set(key(request), response);
      },
      delete: async (request) => store.delete(key(request)),
    };
  };
  const context = vm.createContext({
    URL, Response, Request: class { constructor(url) { this.url = new URL(url, HERE).href; } }, MessageChannel, setTimeout, clearTimeout, crypto: globalThis.crypto, JSON, Promise,
    caches: { keys: async () => [...stores.keys()], delete: async (name) => stores.delete(name), open: async (name) => cacheOf(name), match: async (request, { cacheName }) => cacheOf(cacheName).match(request) },
    fetch: async (request, options) => {
      fetched.push([request.url ?? request, options]);
      return net(request, options);
    },
    self: {
      addEventListener: (type, handler) => (handlers[type] = handler),
      location: { origin: HERE },
      skipWaiting() {},
      registration: { showNotification: async (title, options) => void shown.push({ title, ...options }), getNotifications: async ({ tag }) => shown.filter((one) => one.tag === tag) },
      clients: { claim: async () => {}, matchAll: async () => clients, openWindow: async (path) => void opened.push(path) },
      navigator: chromium ? { userAgentData: {} } : {},
    },
  });
  vm.runInContext(`const BUILD = "${build}";\n${SOURCE}`, context);
  /** @returns what the handler answers with, once everything that it began has ended; undefined if it keeps out of it */
  const happen = async (type, event) => {
    const begun = [];
    let answer;
    handlers[type]({ ...event, waitUntil: (promise) => begun.push(promise), respondWith: (promise) => (answer = promise) });
    const response = await answer;
    await Promise.all(begun);
    return response;
  };
  const get = (path, mode = "no-cors") => happen("fetch", { request: { method: "GET", url: new URL(path, HERE).href, mode } });
  return { happen, get, stores, fetched, shown, opened };
}

const page = (text, build = "b1", init = {}) => new Response(text, { headers: { "X-Hubbub-Build": build }, ...init });
const offline = async () => {
  throw new TypeError("offline");
};

describe("the app without a line", () => {
  it("opens as it was last served, with its parts, in any room", async () => {
    const { get, stores } = worker({ net: async ({ url }) => (url.includes("/static/") ? new Response("part") : page("the page")) });
    assert.equal(await (await get("/room/1", "navigate")).text(), "the page");
    await get("/static/~b1/js/app.js");
    const away = worker({ stores, net: offline });
    assert.equal(await (await away.get("/room/7", "navigate")).text(), "the page");
    assert.equal(await (await away.get("/static/~b1/js/app.js")).text(), "part");
  });

  it("is shown too while a proxy says that nobody is behind it, but no other answer is hidden", async () => {
    const { get, stores } = worker({ net: async () => page("the page") });
    await get("/", "navigate");
    const bad = worker({ stores, net: async () => new Response("bad gateway", { status: 502 }) });
    assert.equal(await (await bad.get("/", "navigate")).text(), "the page");
    const wrong = worker({ stores, net: async () => new Response("our mistake", { status: 500 }) });
    assert.equal(await (await wrong.get("/", "navigate")).text(), "our mistake");
  });

  it("never mixes builds: an old worker neither keeps a newer page nor answers for its parts, a new one drops the old", async () => {
    const old = worker({ net: async () => page("newer", "b2") });
    assert.equal(await (await old.get("/", "navigate")).text(), "newer");
    assert.equal(await old.get("/static/~b2/js/app.js"), undefined);
    assert.equal(await old.get("/static/js/app.js"), undefined);
    assert.deepEqual([...old.stores.values()].map((store) => store.size), [0]);
    const next = worker({ build: "b2", stores: old.stores });
    old.stores.set("somebody-elses", new Map());
    await next.happen("activate", {});
    assert.deepEqual([...old.stores.keys()], ["somebody-elses"]);
  });

  it("forgets the page when nobody is signed in any more, and keeps nothing else", async () => {
    const first = worker({ net: async () => page("the page") });
    await first.get("/", "navigate");
    assert.equal(first.stores.get("hubbub-shell-b1").size, 1);
    const out = worker({ stores: first.stores, net: async () => ({ type: "opaqueredirect", status: 0 }) });
    await out.get("/", "navigate");
    assert.equal(first.stores.get("hubbub-shell-b1").size, 0);
    for (const path of ["/settings", "/files/1", "/socket.io/?EIO=4", "/manifest.webmanifest"]) assert.equal(await out.get(path, path === "/settings" ? "navigate" : "cors"), undefined, path);
  });

  it("keeps what a page was made of before, of its own build alone", async () => {
    const { happen, stores } = worker({ net: async ({ url }) => (url?.includes("/static/") ? new Response("part") : page("the page")) });
    const urls = ["/static/~b1/a.js", "/static/~b0/b.js", "/theme.css?hue=9", "/files/3"].map((path) => HERE + path);
    await happen("message", { data: { hubbub: "keep", urls } });
    assert.deepEqual([...stores.get("hubbub-shell-b1").keys()].sort(), [`${HERE}/?kept`, `${HERE}/static/~b1/a.js`, `${HERE}/theme.css?hue=9`]);
    await happen("message", { data: null });
  });

  it("is out of the way where it can't keep anything", async () => {
    const full = worker({ net: async () => page("the page") });
    full.stores.get = () => {
      throw new Error("no room");
    };
    assert.equal(await (await full.get("/", "navigate")).text(), "the page");
    assert.equal(await (await full.get("/static/~b1/a.js")).text(), "the page");
  });
});

/** A page of the conversation, which answers this to whatever it is asked. */
const window = (answers, { url = `${HERE}/room/5`, focused = false } = {}) => {
  const heard = [];
  return { url, focused, heard, focus: async () => {}, navigate: async (path) => void heard.push(path), postMessage: (message, [port]) => (heard.push(message), port.postMessage(answers)) };
};

describe("what is pushed", () => {
  const note = { title: "Ben", options: { body: "hello", tag: "hubbub-room-5", data: { user: 1, room: 5, seq: 9 } } };
  const pushed = async (clients, chromium) => {
    const { happen, shown } = worker({ clients, chromium });
    await happen("push", { data: { json: () => note } });
    return shown.map(({ silent, renotify }) => ({ silent, renotify }));
  };

  it("is shown where nobody looks at the room: no page, one behind another window, one with another room", async () => {
    const aloud = [{ silent: false, renotify: true }];
    assert.deepEqual(await pushed([], true), aloud);
    const behind = window(true);
    assert.deepEqual(await pushed([behind], true), aloud);
    assert.deepEqual(behind.heard, []);
    const other = window(false, { focused: true });
    assert.deepEqual(await pushed([other], true), aloud);
    assert.deepEqual(other.heard.map(({ hubbub, user, room }) => [hubbub, user, room]), [["looked", 1, 5]]);
  });

  it("is not where somebody looks at it, or without a sound in browsers that end what shows nothing", async () => {
    assert.deepEqual(await pushed([window(true, { focused: true })], true), []);
    assert.deepEqual(await pushed([window(true, { focused: true })], false), [{ silent: true, renotify: false }]);
  });

  it("is, for a reminder, asked about as one: any page of mine shows it", async () => {
    const page = window(true, { focused: true });
    const { happen, shown } = worker({ clients: [page], chromium: true });
    await happen("push", { data: { json: () => ({ ...note, options: { ...note.options, data: { ...note.options.data, reminder: true } } }) } });
    assert.deepEqual([shown.length, page.heard.map(({ hubbub, reminder }) => [hubbub, reminder])], [0, [["looked", true]]]);
  });

  it("takes the place of what a page has shown already", async () => {
    const { happen, shown } = worker();
    shown.push({ tag: "hubbub-room-5", data: { seq: 9 } });
    await happen("push", { data: { json: () => note } });
    assert.equal(shown.at(-1).silent, true);
  });

  it("is heard again where a visitor calls again", async () => {
    const { happen, shown } = worker();
    const call = { title: "Lisa is waiting", options: { tag: "hubbub-visitor-70", data: { user: 1, room: 70, seq: 0, visitor: true } } };
    for (const _ of ["first", "second"]) await happen("push", { data: { json: () => call } });
    assert.deepEqual(shown.map(({ silent }) => silent), [false, false]);
  });
});

describe("answers to a notification", () => {
  const data = { user: 1, room: 5, seq: 9, message: 77, direct: false };
  const notification = { title: "Ben", data, close() {} };

  it("are done by an open page", async () => {
    const client = window(true);
    const { happen, fetched } = worker({ clients: [client] });
    await happen("notificationclick", { notification, action: "reply", reply: " yes " });
    await happen("notificationclick", { notification, action: "read", reply: null });
    await happen("notificationclick", { notification, action: "", reply: null });
    await happen("notificationclick", { notification, action: "reply", reply: null });
    assert.deepEqual(client.heard.map(({ hubbub, text }) => [hubbub, text]), [["reply", "yes"], ["read", undefined], ["open", undefined], ["write", undefined]]);
    assert.deepEqual(fetched, []);
  });

  it("go to the server where no page can do it", async () => {
    const { happen, fetched } = worker({ clients: [window(false), window(true, { url: `${HERE}/settings` })], net: async () => new Response("{}") });
    await happen("notificationclick", { notification, action: "reply", reply: "yes" });
    const [[path, { method, body }]] = fetched;
    const { cid, ...sent } = JSON.parse(body);
    assert.deepEqual([path, method, sent], ["/notified", "POST", { user: 1, room: 5, seq: 9, text: "yes", reply_to: 77 }]);
    assert.match(cid, /^[0-9a-f-]{36}$/);
  });

  it("that can't be sent are shown again, so that nothing written is lost", async () => {
    const { happen, shown } = worker({ net: offline });
    await happen("notificationclick", { notification, action: "reply", reply: "a long thought" });
    assert.equal(shown[0].body, "a long thought");
  });

  it("to a note go nowhere from here, since the visitor would read them", async () => {
    const client = window(true);
    const { happen, shown, fetched } = worker({ clients: [client] });
    await happen("notificationclick", { notification: { ...notification, data: { ...data, note: true } }, action: "reply", reply: "among us" });
    assert.deepEqual([client.heard, fetched, shown[0].body], [[], [], "among us"]);
  });

  it("open a window where there is none", async () => {
    const { happen, opened } = worker();
    await happen("notificationclick", { notification, action: "", reply: null });
    assert.deepEqual(opened, ["/room/5?at=9"]);
  });
});
