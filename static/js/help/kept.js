import { availableStorage } from "../lib/storage.js";

const SECRET_BYTES = 32;
/** Base64url without padding, of so many bytes. */
const SECRET = /^[\w-]{43}$/;

/**
 * What this browser keeps for one site: who the visitor is, what is to be sent, how far they have read.
 *
 * Browsers part a frame's storage by the page around it, which is as good; one that refuses it leaves us with memory.
 */
export class Kept {
  #storage;
  #prefix;
  #memory = new Map();

  /** @param {{site: string, storage?: Storage | null}} options */
  constructor({ site, storage = availableStorage() }) {
    this.#storage = storage;
    this.#prefix = `hubbub-help:${site}:`;
  }

  /** The visitor's secret; made at the first time. */
  secret(source = globalThis.crypto) {
    const known = this.get("secret");
    if (typeof known === "string" && SECRET.test(known)) return known;
    const bytes = source.getRandomValues(new Uint8Array(SECRET_BYTES));
    const made = btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
    this.set("secret", made);
    // Another window of this browser may have made one in the same moment: what is kept counts.
    return this.get("secret") ?? made;
  }

  get(name) {
    if (this.#memory.has(name)) return this.#memory.get(name);
    try {
      return JSON.parse(this.#storage?.getItem(this.#prefix + name) ?? "null");
    } catch {
      return null;
    }
  }

  /** @param {any} value null takes it away */
  set(name, value) {
    this.#memory.delete(name);
    try {
      if (!this.#storage) throw new Error("there is no storage");
      if (value === null) this.#storage.removeItem(this.#prefix + name);
      else this.#storage.setItem(this.#prefix + name, JSON.stringify(value));
    } catch {
      this.#memory.set(name, value);
    }
  }

  /** As `Outbox` wants a database: few entries, in one item. */
  get database() {
    const all = () => this.get("outbox") ?? [];
    const without = (cid) => all().filter((entry) => entry.cid !== cid);
    return {
      all: async () => all(),
      put: async (_store, entry) => this.set("outbox", [...without(entry.cid), entry]),
      delete: async (_store, cid) => this.set("outbox", without(cid)),
    };
  }
}
