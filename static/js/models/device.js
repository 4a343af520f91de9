import { Emitter } from "../lib/emitter.js";

const NAMES = { notify: "hubbub.notify", sound: "hubbub.sound", push: "hubbub.push", asked: "hubbub.notify.asked" };

/**
 * What is chosen for this browser alone: whether it shows notifications, and whether it makes a sound. Both are off until
 * somebody turns them on. Event: "change", also when another tab has changed something.
 */
export class Device extends Emitter {
  #storage;

  /** @param {{storage: Storage | null, page?: import("../lib/page.js").Page}} options */
  constructor({ storage, page = null }) {
    super();
    this.#storage = storage;
    page?.on("storage", ({ key }) => Object.values(NAMES).includes(key) && this.emit("change"));
  }

  get notify() {
    return this.#get("notify");
  }

  get sound() {
    return this.#get("sound");
  }

  /** Whether this browser was to get pushes; whether it does is for the browser to say. */
  get push() {
    return this.#get("push");
  }

  /** Whether notifications were offered once. */
  get asked() {
    return this.#get("asked");
  }

  /** @param {"notify" | "sound" | "push" | "asked"} name */
  set(name, on) {
    try {
      if (on) this.#storage?.setItem(NAMES[name], "on");
      else this.#storage?.removeItem(NAMES[name]);
    } catch {
      // It is full, or refused.
    }
    this.emit("change");
  }

  #get(name) {
    return this.#storage?.getItem(NAMES[name]) === "on";
  }
}
