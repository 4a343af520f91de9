/** Being pushed to while no page is open: the browser's subscription, and the server's knowledge of it. */

import { working } from "./worker.js";

const HEADERS = { "Content-Type": "application/json", Accept: "application/json" };

export const canPush = (target = globalThis) => "PushManager" in target && "serviceWorker" in target.navigator;

/** Subscribe, and tell the server. Rejects where the browser or the server says no. */
export async function turnOn() {
  const registration = await navigator.serviceWorker.ready;
  const answer = await fetch("/push/key", { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  const { key } = await answer.json();
  let subscription = await registration.pushManager.getSubscription();
  // It may be another server's, at the same address before.
  if (subscription && keyOf(subscription) !== key) {
    await subscription.unsubscribe();
    subscription = null;
  }
  subscription ??= await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  await tell("POST", subscription);
}

/** Neither the push service nor the server is to know this browser any more. */
export async function turnOff() {
  const subscription = await current();
  if (!subscription) return;
  await subscription.unsubscribe();
  await tell("DELETE", subscription).catch(() => {});
}

/** Tell the server of it once more: it may have signed this browser in anew. */
export async function renew() {
  if (await current()) await turnOn();
}

/** Who signs out is not pushed to any more, and leaves no notification behind. */
export async function forgetPush() {
  try {
    localStorage.removeItem("hubbub.push");
    await (await current())?.unsubscribe();
    for (const shown of (await (await working())?.getNotifications()) ?? []) shown.close();
  } catch {
    // The server ends it with the session.
  }
}

async function current() {
  return (await (await working())?.pushManager?.getSubscription()) ?? null;
}

async function tell(method, subscription) {
  const { endpoint, keys } = subscription.toJSON();
  const body = JSON.stringify(method === "POST" ? { endpoint, keys } : { endpoint });
  const answer = await fetch("/push", { method, headers: HEADERS, body });
  if (!answer.ok) throw new Error(`status ${answer.status}`);
}

/** The key that a subscription was made with, in base64url. */
function keyOf(subscription) {
  const bytes = subscription.options?.applicationServerKey;
  if (!bytes) return null;
  return btoa(String.fromCharCode(...new Uint8Array(bytes))).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}
