/**
 * The service worker, served as /sw.js behind two lines that say which build it belongs to. It shows what is pushed, takes the
 * answers to notifications, and opens the app without a line. It is a plain script, since not every browser takes a module here.
 *
 * A page must never be worse off with it: whatever fails here goes to the network as if it were not there.
 */
/* global BUILD */

const SHELLS = "hubbub-shell-";
const SHELL = SHELLS + BUILD;
const PAGE = "/?kept";
const MOST_PARTS = 500;
const JSON_HEADERS = { "Content-Type": "application/json", Accept: "application/json" };
const TAG = "hubbub-room-";
/** So long a page has to say that it has done what was asked. */
const PATIENCE = 1_500;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(begin()));

async function begin() {
  for (const name of await caches.keys()) if (name.startsWith(SHELLS) && name !== SHELL) await caches.delete(name);
  await self.clients.claim();
}

// The app without a line: the page as it was last served, and what it is made of. What was said is in the page's own database.

self.addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  const { origin, pathname } = new URL(url);
  if (method !== "GET" || origin !== self.location.origin) return;
  if (mode === "navigate" && isConversation(pathname)) event.respondWith(page(event));
  else if (isPart(url)) event.respondWith(part(event.request));
});

/** What a page of this build is made of: it never changes under its address. */
function isPart(url) {
  const { pathname, search } = new URL(url);
  return pathname.startsWith(`/static/~${BUILD}/`) || (pathname === "/theme.css" && search !== "");
}

/** From the server wherever there is one; the kept page only where there is none, or a proxy says so. */
async function page(event) {
  let response = null;
  try {
    response = await fetch(event.request);
  } catch {
    // Without a line.
  }
  if (response && !(response.status >= 502 && response.status <= 504)) {
    event.waitUntil(keepPage(response.type === "opaqueredirect" ? null : response.clone()).catch(() => {}));
    return response;
  }
  const kept = await caches.match(PAGE, { cacheName: SHELL }).catch(() => null);
  return kept ?? response ?? Response.error();
}

/** @param {Response | null} response null: it led elsewhere, so nobody is signed in any more */
async function keepPage(response) {
  const cache = await caches.open(SHELL);
  if (!response) await cache.delete(PAGE);
  else if (response.ok && !response.redirected && response.headers.get("X-Hubbub-Build") === BUILD) await cache.put(PAGE, response);
}

async function part(request) {
  try {
    const cache = await caches.open(SHELL);
    const kept = await cache.match(request.url);
    if (kept) return kept;
    const response = await fetch(request);
    if (response.status === 200) await cache.put(request.url, response.clone()).catch(() => {});
    return response;
  } catch {
    return fetch(request);
  }
}

// What a page was made of before this worker served it.
self.addEventListener("message", (event) => {
  const { hubbub, urls = [] } = event.data ?? {};
  if (hubbub === "keep") event.waitUntil(keepAll(urls.slice(0, MOST_PARTS)).catch(() => {}));
});

async function keepAll(urls) {
  const cache = await caches.open(SHELL);
  if (!(await cache.match(PAGE))) await keepPage(await fetch("/"));
  const keep = async (url) => (await cache.match(url)) ?? cache.add(new Request(url, { cache: "force-cache" }));
  await Promise.all(urls.filter(isPart).map((url) => keep(url).catch(() => {})));
}

// What is pushed while no page is open, or none that has told of it yet.

self.addEventListener("push", (event) => event.waitUntil(pushed(event.data)));

async function pushed(data) {
  let note;
  try {
    note = data.json();
  } catch {
    return undefined;
  }
  const { title, options } = note;
  const looked = await isLookedAt(options.data);
  // Chromium asks for nothing to be shown where a page of ours is seen; others may end a subscription that keeps silent.
  if (looked && self.navigator.userAgentData) return undefined;
  const shown = await self.registration.getNotifications({ tag: options.tag });
  // A page was quicker. Something must be shown for every push all the same, so it is shown again, without a sound.
  // A visitor may call again, and has no message to tell that by.
  const known = looked || (!options.data.visitor && shown.some((one) => one.data?.seq >= options.data.seq));
  self.navigator.setAppBadge?.().catch(() => {});
  return self.registration.showNotification(title, { ...options, renotify: !known, silent: known });
}

/** Whether somebody is at a page that shows the room: there it comes by itself, if perhaps further down than they look. A reminder, and a visitor who waits, come at any page. */
async function isLookedAt({ user, room, reminder, visitor }) {
  const question = { hubbub: "looked", user, room, ...(reminder && { reminder }), ...(visitor && { visitor }) };
  for (const client of await pages()) if (client.focused && (await asked(client, question))) return true;
  return false;
}

// The push service wants another address. The server is told; the old one dies by itself.
self.addEventListener("pushsubscriptionchange", (event) => event.waitUntil(renewed(event)));

async function renewed({ oldSubscription, newSubscription }) {
  const options = oldSubscription?.options;
  const fresh = newSubscription ?? (options && (await self.registration.pushManager.subscribe(options)));
  if (!fresh) return;
  const { endpoint, keys } = fresh.toJSON();
  await fetch("/push", { method: "POST", headers: JSON_HEADERS, body: JSON.stringify({ endpoint, keys }) });
}

// Answers to notifications

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(answered(event.notification, event.action, event.reply));
});

async function answered({ data, title }, action, reply) {
  const text = reply?.trim();
  if (action === "read") return done("read", data);
  if (action === "reply" && text) {
    // To a note nobody replies from here: the visitor would read it.
    if (!data.note && (await done("reply", data, text))) return undefined;
    // Nothing that was written is lost without a word.
    return self.registration.showNotification(title, { body: text, tag: `${TAG}${data.room}`, data, requireInteraction: true });
  }
  return opened(data, action === "reply" ? "write" : "open");
}

/** Have a page do it, whose outbox loses nothing; without one, ask the server. @returns {Promise<boolean>} */
async function done(hubbub, data, text) {
  for (const client of await pages()) if (await asked(client, { hubbub, ...data, text })) return true;
  try {
    const { user, room, seq, message, direct } = data;
    const body = { user, room, seq, ...(hubbub === "reply" && { text, cid: crypto.randomUUID(), ...(!direct && { reply_to: message }) }) };
    const response = await fetch("/notified", { method: "POST", headers: JSON_HEADERS, body: JSON.stringify(body) });
    return response.ok;
  } catch {
    return false;
  }
}

async function opened(data, hubbub) {
  const [page] = (await pages()).sort((one, other) => Number(other.focused) - Number(one.focused));
  const path = data.visitor ? "/?open=help" : `/room/${data.room}?at=${data.seq}`;
  if (!page) return self.clients.openWindow(path);
  await page.focus().catch(() => {});
  if (await asked(page, { hubbub, ...data })) return undefined;
  return page.navigate(path).catch(() => self.clients.openWindow(path));
}

/** The pages of the conversation, whether this worker loaded them or not. */
async function pages() {
  const all = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  return all.filter(({ url }) => isConversation(new URL(url).pathname));
}

const isConversation = (path) => path === "/" || path.startsWith("/room/");

/** @returns {Promise<boolean>} whether the page has done it */
function asked(client, message) {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    const settle = (done) => {
      clearTimeout(timer);
      port1.close();
      resolve(done);
    };
    const timer = setTimeout(settle, PATIENCE, false);
    port1.onmessage = ({ data }) => settle(data === true);
    client.postMessage(message, [port2]);
  });
}
