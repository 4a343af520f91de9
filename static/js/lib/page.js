import { Emitter } from "./emitter.js";

/**
 * What the models need to know about the page: is it seen, has it the focus, does the browser think it is online?
 *
 * Events: "change" of any of these; "return", when the page runs again after the browser had put it aside, or the network is
 * back; "hide", the last chance to keep something; "storage" {key}, under which another tab has kept something.
 */
export class Page extends Emitter {
  #window;

  constructor(target = globalThis) {
    super();
    this.#window = target;
    const changed = () => this.emit("change");
    target.document?.addEventListener("visibilitychange", changed);
    for (const event of ["focus", "blur", "online", "offline", "pageshow"]) target.addEventListener?.(event, changed);
    const returned = () => this.emit("return");
    target.document?.addEventListener("resume", returned);
    target.addEventListener?.("online", returned);
    target.addEventListener?.("pageshow", (event) => event.persisted && returned());
    target.addEventListener?.("storage", ({ key }) => this.emit("storage", { key }));
    target.addEventListener?.("pagehide", () => this.emit("hide"));
  }

  get visible() {
    return this.#window.document?.visibilityState !== "hidden";
  }

  get focused() {
    return this.#window.document?.hasFocus?.() ?? true;
  }

  get online() {
    return this.#window.navigator?.onLine ?? true;
  }
}
