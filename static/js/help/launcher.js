/** The button at the corner: it asks the page around it to show the conversation, and counts the answers meanwhile. */
import { Host } from "./host.js";
import { Kept } from "./kept.js";

const MOST = 99;

const boot = JSON.parse(document.getElementById("boot").textContent);
const button = document.querySelector("button");
const count = button.querySelector(".count");
const kept = new Kept({ site: boot.site });
let unread = 0;
let open = false;

const host = new Host({ origins: boot.origins, heard });

function heard(data) {
  if (typeof data.hello === "string") {
    const texts = { launcher: button.dataset.open, window: button.dataset.window };
    // Who has a conversation is told of answers; for everybody else there is nothing to connect for.
    host.tell({ ready: { side: boot.side, texts, known: kept.get("begun") === true } });
  }
  if (typeof data.unread === "number") unread = data.unread;
  if (typeof data.open === "boolean") open = data.open;
  if (data.focus) button.focus();
  draw();
}

function draw() {
  const { dataset } = button;
  const shown = open ? 0 : unread;
  button.setAttribute("aria-expanded", String(open));
  button.setAttribute("aria-label", open ? dataset.close : shown ? dataset.unread.replace("{count}", String(shown)) : dataset.open);
  count.hidden = shown === 0;
  count.textContent = shown > MOST ? `${MOST}+` : String(shown);
}

button.addEventListener("click", () => host.tell({ toggle: true }));
addEventListener("keydown", (event) => event.key === "Escape" && host.tell({ close: true }));
