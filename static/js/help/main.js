/** The visitor's window: a connection to /help, and <hub-help> over it. */
import { setMessages } from "../lib/i18n.js";
import { Page } from "../lib/page.js";
import { Connection } from "../models/connection.js";
import { PROTOCOL } from "../events.js";
import { FileDoor } from "../files.js";
import { Socket } from "../socket.js";
import { HelpFiles } from "./files.js";
import { Host } from "./host.js";
import { Kept } from "./kept.js";
import { FACTS, HelpModel } from "./model.js";
import "./hub-help.js";

const boot = JSON.parse(document.getElementById("boot").textContent);
const page = new Page();
const kept = new Kept({ site: boot.site });
const auth = { site: boot.site, visitor: kept.secret(), language: boot.language, protocol: PROTOCOL };
const socket = new Socket({ namespace: "/help", facts: FACTS, options: { auth } });
const connection = new Connection(socket, page);
const channel = globalThis.BroadcastChannel ? new BroadcastChannel(`hubbub-help-${boot.site}`) : null;
const model = new HelpModel({ socket, connection, kept, locks: navigator.locks, channel });
const door = new FileDoor({ root: "/help/files", query: { site: boot.site }, headers: { Authorization: `Visitor ${auth.visitor}` } });
const files = new HelpFiles({ model, door, kept });
const view = document.querySelector("hub-help");
const host = new Host({ origins: boot.origins, heard });
let shown = !host.framed;

function heard(data) {
  if (typeof data.hello === "string") {
    model.page = data.hello.slice(0, 500);
    host.tell({ ready: true });
    tellUnread();
  }
  if (typeof data.shown === "boolean") {
    shown = data.shown;
    look();
    if (shown) view.enter();
  }
}

function look() {
  model.watch(shown && page.visible);
}

let told = null;

function tellUnread() {
  told = shown ? 0 : model.unread;
  host.tell({ unread: told });
}

page.on("change", look);
// Another window of this browser has shown what was new.
page.on("storage", () => {
  files.kept.heard();
  model.emit("change");
});
model.on("change", () => {
  if ((shown ? 0 : model.unread) !== told) tellUnread();
});
// A picture that is open closes first.
addEventListener("keydown", (event) => event.key === "Escape" && !event.isComposing && !document.querySelector("dialog[open]") && host.tell({ close: true }));
view.addEventListener("close-window", () => host.tell({ close: true }));

const texts = boot.language === "zh-Hans" ? await import("./texts/zh-Hans.js") : await import("./texts/en.js");
setMessages(boot.language, texts.default);
view.framed = host.framed;
view.files = files;
view.model = model;
look();
await model.start();
