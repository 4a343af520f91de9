const VERSION = 2;
const WRITE_AFTER = 2_000;
/** How many rooms' messages are kept: of those that were open last, in whichever tab. */
const TIMELINES = 6;
const COMMON = "common";

/**
 * What was last seen, kept in the browser so that a reload shows it at once and only asks for what has changed since.
 *
 * There is a record for the list of rooms and one for each room's messages, because every tab of a person writes here, and
 * each has other rooms open. What can't be read is dropped. Signing out clears it.
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
   * @param {() => {common: object, timelines: object[]} | null} options.snapshot what to keep now, the most recent room
   *   first; null while there is nothing worth it
   */
  constructor({ database, page, snapshot }) {
    this.#database = database;
    this.#snapshot = snapshot;
    page.on("hide", () => this.#timer && this.#save());
  }

  /** @returns {Promise<{common: object, timelines: object[]} | null>} what earlier visits left */
  async load() {
    const records = (await this.#database.all("cache")).filter((record) => record.version === VERSION);
    const common = records.find((record) => record.key === COMMON)?.common;
    if (!common) return null;
    const timelines = records.filter((record) => record.timeline && record.epoch === common.epoch).sort(byAge);
    return { common, timelines: timelines.map((record) => record.timeline) };
  }

  /** Something changed; many changes are written together a little later. */
  touch() {
    if (this.#cleared) return;
    this.#timer ??= setTimeout(() => this.#save(), WRITE_AFTER);
  }

  /** What was kept is wrong. */
  async drop() {
    await this.#database.clear("cache");
  }

  /** Forget it all, and keep nothing more. */
  async clear() {
    this.#cleared = true;
    clearTimeout(this.#timer);
    await this.drop();
  }

  async #save() {
    clearTimeout(this.#timer);
    this.#timer = null;
    const snapshot = this.#snapshot();
    if (snapshot) await this.#database.change("cache", (store) => write(store, snapshot));
    // It may have been cleared while it was written.
    if (this.#cleared) await this.drop();
  }
}

/** One transaction, so that two tabs write one after the other, and each sees what the other has left. */
async function write(store, { common, timelines }) {
  const now = Date.now();
  const { epoch } = common;
  const written = timelines.slice(0, TIMELINES).map((timeline, place) => (
    { key: `room-${timeline.room.id}`, version: VERSION, epoch, at: now - place, timeline }
  ));
  const keys = new Set([COMMON, ...written.map((record) => record.key)]);
  const mine = new Set(common.rooms.map((room) => room.id));
  const others = (await store.getAll()).filter((record) => !keys.has(record.key));
  const fit = others.filter((record) => record.version === VERSION && record.epoch === epoch && mine.has(record.timeline?.room.id));
  const kept = new Set([...written, ...fit].sort(byAge).slice(0, TIMELINES));
  for (const record of others) if (!kept.has(record)) store.delete(record.key);
  for (const record of written) if (kept.has(record)) store.put(record);
  await store.put({ key: COMMON, version: VERSION, common });
}

const byAge = (one, other) => other.at - one.at;
