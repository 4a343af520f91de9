const VERSION = 1;
const WRITE_AFTER = 2_000;

/**
 * What was last seen, kept in the browser so that a reload shows it at once and only asks for what has changed since.
 *
 * Signing out clears it.
 */
export class Cache {
  #database;
  #snapshot;
  #timer = null;
  #cleared = false;

  /**
   * @param {object} options
   * @param {import("./database.js").Database} options.database
   * @param {import("../lib/page.js").Page} options.page
   * @param {() => object | null} options.snapshot what to keep now; null while there is nothing worth it
   */
  constructor({ database, page, snapshot }) {
    this.#database = database;
    this.#snapshot = snapshot;
    page.on("hide", () => this.#timer && this.#save());
  }

  /** @returns {Promise<object | null>} what the last visit left */
  async load() {
    const kept = await this.#database.get("cache", "last");
    return kept?.version === VERSION ? kept.snapshot : null;
  }

  /** Something changed; many changes are written together a little later. */
  touch() {
    if (this.#cleared) return;
    this.#timer ??= setTimeout(() => this.#save(), WRITE_AFTER);
  }

  /** Forget it all, and keep nothing more. */
  async clear() {
    this.#cleared = true;
    clearTimeout(this.#timer);
    await this.#database.clear("cache");
  }

  async #save() {
    clearTimeout(this.#timer);
    this.#timer = null;
    const snapshot = this.#snapshot();
    if (snapshot) await this.#database.put("cache", { key: "last", version: VERSION, snapshot });
    // It may have been cleared while it was written.
    if (this.#cleared) await this.#database.clear("cache");
  }
}
