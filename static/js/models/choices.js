import { Emitter } from "../lib/emitter.js";

/** What I have chosen, for all of my windows and devices. Event: "change". */
export class Choices extends Emitter {
  #request;

  /** @type {"comfortable" | "compact" | null} how closely things stand */
  density = null;
  /** When nothing is to disturb me, every week. */
  quietHours = null;
  /** @type {string[]} that call me beside my name */
  words = [];
  /** Whether the server has told them; a page may show messages before. */
  known = false;

  /** @param {(name: string, payload: object) => Promise<any>} request */
  constructor(request) {
    super();
    this.#request = request;
  }

  /** From `welcome`, or what of it has changed. */
  heard({ density = this.density, quietHours = this.quietHours, words = this.words }) {
    this.density = density;
    this.quietHours = quietHours;
    this.words = words;
    this.known = true;
    this.emit("change");
  }

  /** @param {"comfortable" | "compact"} density */
  async setDensity(density) {
    await this.#request("density_set", { density });
  }

  /**
   * How I appear.
   *
   * @param {"online" | "away" | "dnd"} status
   * @param {{emoji?: string, until?: string | null}} [more]
   */
  async setStatus(status, text = "", { emoji = "", until = null } = {}) {
    await this.#request("presence_set", { status, text, emoji, until });
  }
}
