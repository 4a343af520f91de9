const VERSION = 3;
const WRITE_AFTER = 2_000;
/** The list of rooms, while only their counts change; a room's own record has those that go with its messages. */
const LIST_AFTER = 30_000;
/** How many rooms' messages are kept: of those that were open last, in whichever tab. */
const TIMELINES = 6;
const NEVER = { of: null, at: 0, stale: false };
const COMMON = "common";
const INDEX = "index";

/**
 * What was last seen, kept in the browser so that a reload shows it at once and only asks for what has changed since.
 *
 * There is a record for the list of rooms and one for each room's messages, because every tab of a person writes here, and
 * each has other rooms open; and an index of those, so that a tab knows what the others have written without reading it.
 * What can't be read is dropped. Signing out clears it.
 */
export class Cache {
  #database;
  #snapshot;
  #timer = null;
  #cleared = false;
  /** The list of rooms that was written last: of which, when, and whether something has changed since. */
  #list = NEVER;

  /**
   * @param {object} options
   * @param {import("./database.js").Database} options.database
   * @param {import("../lib/page.js").Page} options.page
   * @param {() => {epoch: string, rooms: string, common: () => object, timelines: object[]} | null} options.snapshot what to
   *   keep now, the most recent room first; null while there is nothing worth it
   */
  constructor({ database, page, snapshot }) {
    this.#database = database;
    this.#snapshot = snapshot;
    page.on("hide", () => (this.#timer || this.#list.stale) && this.#save({ all: true }));
  }

  /** @returns {Promise<{common: object, timelines: object[]} | null>} what earlier visits left */
  async load() {
    const records = (await this.#database.all("cache")).filter((record) => record.version === VERSION);
    const common = records.find((record) => record.key === COMMON)?.common;
    if (!common) return null;
    const index = entriesOf(records.find((record) => record.key === INDEX), common.epoch);
    const timelines = records.filter((record) => index.has(record.key)).sort((one, other) => byAge(index.get(one.key), index.get(other.key)));
    return { common, timelines: timelines.map((record) => record.timeline) };
  }

  /** Something changed; many changes are written together a little later. */
  touch() {
    if (this.#cleared) return;
    this.#timer ??= setTimeout(() => this.#save(), WRITE_AFTER);
  }

  /** What was kept is wrong. */
  async drop() {
    this.#list = NEVER;
    await this.#database.clear("cache");
  }

  /** Forget it all, and keep nothing more. */
  async clear() {
    this.#cleared = true;
    clearTimeout(this.#timer);
    await this.drop();
  }

  async #save({ all = false } = {}) {
    clearTimeout(this.#timer);
    this.#timer = null;
    const snapshot = this.#snapshot();
    if (snapshot) {
      const of = `${snapshot.epoch} ${snapshot.rooms}`;
      const due = all || of !== this.#list.of || Date.now() - this.#list.at > LIST_AFTER;
      this.#list = due ? { of, at: Date.now(), stale: false } : { ...this.#list, stale: true };
      const common = due ? snapshot.common() : null;
      await this.#database.change("cache", (store) => write(store, { ...snapshot, common }));
    }
    // It may have been cleared while it was written.
    if (this.#cleared) await this.drop();
  }
}

/** One transaction, so that two tabs write one after the other, and each sees what the other has left. */
async function write(store, { epoch, rooms, common, timelines }) {
  const now = Date.now();
  const mine = new Set(rooms.split(" ").map((id) => keyOf({ id })));
  const before = entriesOf(await store.get(INDEX), epoch);
  const index = new Map([...before].filter(([key]) => mine.has(key)));
  const written = new Map(timelines.slice(0, TIMELINES).map((timeline) => [keyOf(timeline.room), timeline]));
  let place = 0;
  for (const [key, timeline] of written) index.set(key, { at: now - place++, stamp: stampOf(timeline) });
  const kept = new Map([...index].sort(([, one], [, other]) => byAge(one, other)).slice(0, TIMELINES));
  for (const key of await store.getAllKeys()) if (key !== COMMON && key !== INDEX && !kept.has(key)) store.delete(key);
  for (const [key, timeline] of written) {
    if (kept.has(key) && before.get(key)?.stamp !== kept.get(key).stamp) store.put({ key, version: VERSION, timeline });
  }
  if (common) store.put({ key: COMMON, version: VERSION, common });
  await store.put({ key: INDEX, version: VERSION, epoch, entries: [...kept] });
}

const keyOf = (room) => `room-${room.id}`;
const byAge = (one, other) => other.at - one.at;

/** The same for the same messages and counts of a room, whichever tab has them. */
function stampOf({ room, rev, messages }) {
  return [rev, messages.length, room.last_read, room.unread].join(" ");
}

/** @returns {Map<string, {at: number, stamp: string}>} of the timelines that are kept, by their keys */
function entriesOf(record, epoch) {
  const readable = record?.version === VERSION && record.epoch === epoch && Array.isArray(record.entries);
  return new Map(readable ? record.entries : []);
}
