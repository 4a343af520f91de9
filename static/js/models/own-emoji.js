import { Emitter } from "../lib/emitter.js";

const IMAGE = /<img\b[^>]*\bsrc="(\/emoji\/[0-9a-f]+)"[^>]*\balt="([^"]*)"[^>]*>|<img\b[^>]*\balt="([^"]*)"[^>]*\bsrc="(\/emoji\/[0-9a-f]+)"[^>]*>/g;
const ALONE = /^<p>(?:<img\b[^>]*>\s*){1,12}<\/p>$/;

/**
 * The emoji of this server's own, by name; read when the first of them is needed. What was removed shows its name. Event:
 * "change".
 */
class OwnEmoji extends Emitter {
  #request = null;
  #urls = new Map();
  #rev = null;
  #told = 0;
  #needed = false;
  #loading = null;

  /** @param {(name: string, payload: object) => Promise<any>} request */
  bind(request) {
    this.#request = request;
  }

  /** `welcome` says how often they have changed. */
  welcomed(rev = 0) {
    this.#told = rev;
    if (this.#needed && this.#rev !== rev) this.#load();
  }

  /** The fact `emoji_changed`. */
  heard({ rev, added = null, removed = null }) {
    this.#told = rev;
    if (this.#rev === null) return;
    if (rev !== this.#rev + 1) return this.#load();
    this.#rev = rev;
    if (added) this.#urls.set(added.name, added.url);
    if (removed) this.#urls.delete(removed);
    this.emit("change");
  }

  /** Settles when they are here, or can't be had. */
  async need() {
    this.#needed = true;
    if (this.#rev === null) await this.#load();
  }

  /** As those of Unicode are listed: `emoji` is what is written. */
  get list() {
    return [...this.#urls].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, url]) => ({ emoji: `:${name}:`, name, shortcode: name, shortcodes: [name], url, group: "own", version: 0, tones: [], words: [name, ...name.split(/[_+-]/)] }));
  }

  /** Take one away from everybody. */
  async remove(name) {
    await this.#request("emoji_remove", { name });
  }

  /** The path of the picture of `:name:`, or null. */
  urlOf(emoji) {
    if (!isOwn(emoji)) return null;
    if (this.#rev === null) this.need();
    return this.#urls.get(emoji.slice(1, -1)) ?? null;
  }

  /** The HTML of a message, with names in place of those that there are no more. */
  shown(html) {
    if (!html.includes("/emoji/")) return html;
    if (this.#rev === null) this.need();
    if (this.#rev === null) return html;
    const known = new Set(this.#urls.values());
    return html.replace(IMAGE, (image, url, alt, other, elsewhere) => (known.has(url ?? elsewhere) ? image : (alt ?? other)));
  }

  async #load() {
    this.#loading ??= this.#read();
    await this.#loading;
  }

  async #read() {
    try {
      const { rev, emoji } = await this.#request("emoji_list", {});
      this.#rev = rev;
      this.#urls = new Map(emoji.map(({ name, url }) => [name, url]));
    } catch {
      // The next connection asks again.
    }
    this.#loading = null;
    this.emit("change");
    if (this.#rev !== null && this.#rev < this.#told) this.#load();
  }
}

export const own = new OwnEmoji();

/** Whether this is how one of them is written; there need not be one. */
export const isOwn = (emoji) => /^:[a-z0-9_+-]+:$/.test(emoji);

/** Whether a message is some of them and nothing else, to be drawn large. */
export const ownOnly = (html) => ALONE.test(html) && html.includes("/emoji/");
