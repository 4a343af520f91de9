import { Emitter } from "../lib/emitter.js";

/** What staff say to everybody, until I close it in this browser. Event: "change". */
export class Announcement extends Emitter {
  #storage;
  #key;
  #id = 0;

  /** @type {string} empty where there is nothing to be shown */
  text = "";

  /** @param {{storage: Storage | null, user: number}} parts */
  constructor({ storage, user }) {
    super();
    this.#storage = storage;
    this.#key = `hubbub.announcement.${user}`;
  }

  /** @param {{id: number, text: string} | null} announcement as `welcome` or the fact has it */
  heard(announcement) {
    const { id, text } = announcement ?? { id: 0, text: "" };
    this.#id = id;
    const shown = id > this.#closed ? text : "";
    if (shown === this.text) return;
    this.text = shown;
    this.emit("change");
  }

  close() {
    try {
      this.#storage?.setItem(this.#key, String(this.#id));
    } catch {
      // Refused or full: it comes back with the next page.
    }
    this.text = "";
    this.emit("change");
  }

  get #closed() {
    return Number(this.#storage?.getItem(this.#key)) || 0;
  }
}
