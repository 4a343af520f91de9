import { openDB } from "idb";

const VERSION = 1;
const PATIENCE = 3_000;

/**
 * The person's own database in this browser: what is to be sent (`outbox`), and what was last seen (`cache`).
 *
 * A browser may refuse it, in a private window for example, or take it away. Then what is kept lasts as long as the page.
 */
export class Database {
  #name;
  #open;
  #opened = null;

  /** @param {{user: number, open?: typeof openDB}} options one database per person, because people share browsers */
  constructor({ user, open = openDB }) {
    this.#name = `hubbub-${user}`;
    this.#open = open;
  }

  /** @returns {Promise<object[]>} */
  all(store) {
    return this.#try((db) => db.getAll(store), []);
  }

  /**
   * Read and write in one transaction, between which no other tab comes.
   *
   * @param {(store: object) => Promise<void>} work must await nothing but the store
   */
  change(store, work) {
    return this.#try(async (db) => {
      const transaction = db.transaction(store, "readwrite");
      await Promise.all([work(transaction.store), transaction.done]);
    }, undefined);
  }

  /** @returns {Promise<boolean>} whether it is kept */
  put(store, value) {
    return this.#try(async (db) => {
      await db.put(store, value);
      return true;
    }, false);
  }

  delete(store, key) {
    return this.#try((db) => db.delete(store, key), undefined);
  }

  clear(store) {
    return this.#try((db) => db.clear(store), undefined);
  }

  async #try(work, otherwise) {
    try {
      this.#opened ??= inTime(this.#connect());
      return await work(await this.#opened);
    } catch {
      return otherwise;
    }
  }

  #connect() {
    return this.#open(this.#name, VERSION, {
      upgrade(db) {
        db.createObjectStore("outbox", { keyPath: "cid" });
        db.createObjectStore("cache", { keyPath: "key" });
      },
      // A newer page in another tab wants to change the database.
      blocking: (_old, _new, event) => {
        event.target.close();
        this.#opened = null;
      },
      terminated: () => {
        this.#opened = null;
      },
    });
  }
}

/** Opening may hang, behind another tab for one. Nothing that a person wrote may wait for that. */
function inTime(promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error("the browser's database does not open")), PATIENCE);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
