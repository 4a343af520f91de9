/** The conversation page: reads what the server left in it, makes the client, hands it to <hub-app>. */

import { loadLanguage } from "./lib/i18n.js";
import { atRest, comesLater, later } from "./lib/later.js";
import { availableStorage } from "./lib/storage.js";
import { createClient } from "./models/client.js";
import { SIGNED_OUT } from "./pages/forget.js";
import "./elements/hub-app.js";

const boot = JSON.parse(document.getElementById("boot").textContent);
comesLater(boot.later);
await loadLanguage(boot.language);

const client = createClient({
  boot,
  onSignedOut(reason) {
    // The page says so itself.
    if (reason === "banned") return;
    location.assign(`/signin?next=${encodeURIComponent(location.pathname)}`);
  },
});

const app = document.querySelector("hub-app");
app.boot = boot;
app.client = client;
client.start();
const wanted = new URLSearchParams(location.search).get("open");

// Nobody waits for it to read what was said.
atRest(async () => {
  const { startNotifying } = await later(() => import("./notify/start.js"));
  startNotifying({ client, app, storage: availableStorage(), wanted });
});

// Whoever signs out in one tab has signed out of them all, also of one that the server can't reach just now.
if (typeof BroadcastChannel === "function") {
  new BroadcastChannel(SIGNED_OUT).addEventListener("message", () => client.ended("signed_out"));
}
