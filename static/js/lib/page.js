import { Emitter } from "./emitter.js";

/** What the models need to know about the page: is it seen, has it the focus, does the browser think it is online? */
export class Page extends Emitter {
  #window;

  constructor(target = globalThis) {
    super();
    this.#window = target;
    const changed = () => this.emit("change");
    target.document?.addEventListener("visibilitychange", changed);
    for (const event of ["focus", "blur", "online", "offline", "pageshow"]) target.addEventListener?.(event, changed);
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
