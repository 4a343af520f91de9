/**
 * The service worker, served as /sw.js behind two lines that say which build it belongs to. It shows what is pushed, takes the
 * answers to notifications, and opens the app without a line. It is a plain script, since not every browser takes a module here.
 *
 * A page must never be worse off with it: whatever fails here goes to the network as if it were not there.
 */
/* global BUILD */

const SHELLS = "hubbub-shell-";
const TAG = "hubbub-room-";
/** So long a page has to say that it has done what was asked. */
const PATIENCE = 1_500;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

// Answers to notifications

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(answered(event.notification, event.action, event.reply));
});

async function answered({ data, title }, action, reply) {
  const text = reply?.trim();
  if (action === "read") return done("read", data);
  if (action === "reply" && text) {
    if (await done("reply", data, text)) return undefined;
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
    const headers = { "Content-Type": "application/json", Accept: "application/json" };
    const response = await fetch("/notified", { method: "POST", headers, body: JSON.stringify(body) });
    return response.ok;
  } catch {
    return false;
  }
}

async function opened(data, hubbub) {
  const [page] = (await pages()).sort((one, other) => Number(other.focused) - Number(one.focused));
  const path = `/room/${data.room}?at=${data.seq}`;
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
    const timer = setTimeout(() => resolve(false), PATIENCE);
    port1.onmessage = ({ data }) => {
      clearTimeout(timer);
      resolve(data === true);
    };
    client.postMessage(message, [port2]);
  });
}
