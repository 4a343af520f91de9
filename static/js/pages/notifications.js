import { chime } from "../lib/chime.js";
import { Page } from "../lib/page.js";
import { availableStorage } from "../lib/storage.js";
import { Device } from "../models/device.js";
import { askPermission, permission } from "../lib/permission.js";
import { canPush, turnOff, turnOn } from "../notify/push.js";
import { register } from "../notify/worker.js";

/**
 * The switches of this browser, which nobody else can set. The browser asks the person when the first is turned on.
 *
 * @param {HTMLElement} part with the words for what can go wrong in its data
 */
export function notifications(part) {
  const device = new Device({ storage: availableStorage(), page: new Page() });
  const rows = Object.fromEntries([...part.querySelectorAll("[data-switch]")].map((row) => [row.dataset.switch, rowOf(row)]));
  const show = () => {
    const state = permission();
    rows.notify.set({ on: device.notify && state === "granted", off: state === "none" || state === "denied", wrong: { none: part.dataset.missing, denied: part.dataset.blocked }[state] });
    rows.push?.set({ on: device.push && state === "granted", off: state === "none" || state === "denied" });
    rows.sound.set({ on: device.sound });
  };
  rows.notify.onClick(async (on) => {
    if (on && permission() === "ask") rows.notify.say(part.dataset.waits);
    device.set("notify", on && (await askPermission()) === "granted");
    device.set("asked", true);
    show();
  });
  if (!canPush()) {
    rows.push.remove();
    delete rows.push;
  }
  rows.push?.onClick(async (on) => {
    try {
      if (on && (await askPermission()) !== "granted") return show();
      await (on ? turnOn() : turnOff());
      device.set("push", on);
      if (on) device.set("notify", true);
    } catch {
      device.set("push", false);
      rows.push.set({ on: false, wrong: part.dataset.noPush });
    }
    return undefined;
  });
  rows.sound.onClick((on) => {
    device.set("sound", on);
    if (on) void chime();
  });
  part.querySelector("[data-play]").addEventListener("click", () => void chime());
  device.on("change", show);
  // Somebody may have allowed it in the browser's own settings meanwhile.
  navigator.permissions?.query({ name: "notifications" }).then((status) => status.addEventListener("change", show)).catch(() => {});
  show();
  part.hidden = false;
  void register();
}

/** One switch with its words. */
function rowOf(row) {
  const button = row.querySelector("[role=switch]");
  const text = row.querySelector("[data-text]");
  const words = text.textContent;
  return {
    set({ on, off = false, wrong = "" }) {
      button.setAttribute("aria-checked", String(on));
      button.disabled = off;
      text.textContent = wrong || words;
      text.classList.toggle("wrong", Boolean(wrong));
    },
    remove: () => row.remove(),
    say: (said) => (text.textContent = said),
    onClick: (act) => button.addEventListener("click", () => act(button.getAttribute("aria-checked") !== "true")),
  };
}
