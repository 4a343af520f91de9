import { Emitter } from "../lib/emitter.js";

const folded = (name) => name.trim().normalize("NFKC").toLowerCase();

/**
 * Sections of my own in the sidebar, in my order, each with its rooms in mine. Nobody else learns of them. What changes them
 * settles when the server has said yes, and throws its `CommandError`. Event: "change".
 */
export class Sections extends Emitter {
  #request;
  /** @type {{name: string, rooms: number[]}[]} also with rooms that I am not in now */
  list = [];

  /** @param {(name: string, payload: object) => Promise<any>} request */
  constructor(request) {
    super();
    this.#request = request;
  }

  /** All of them, as the server or an earlier page has them. */
  heard(list) {
    if (JSON.stringify(list) === JSON.stringify(this.list)) return;
    this.list = list;
    this.emit("change");
  }

  /** @returns {string | null} the name of the section that a room stands in */
  of(room) {
    return this.list.find(({ rooms }) => rooms.includes(room))?.name ?? null;
  }

  /** Whether there is one of that name, in whatever case, beside `but`. */
  has(name, but = null) {
    return this.list.some((section) => section.name !== but && folded(section.name) === folded(name));
  }

  /** Put a room into a section, before another room or behind all; without a name, out of any. One that there isn't yet is made. */
  async put(room, name, before = null) {
    const list = this.list.map((section) => ({ ...section, rooms: section.rooms.filter((id) => id !== room) }));
    if (name !== null && !this.has(name)) list.push({ name, rooms: [] });
    const section = name !== null && list.find((one) => folded(one.name) === folded(name));
    if (section) {
      const at = before === null ? -1 : section.rooms.indexOf(before);
      section.rooms.splice(at < 0 ? section.rooms.length : at, 0, room);
    }
    await this.#set(list);
  }

  async rename(name, to) {
    await this.#set(this.list.map((section) => (section.name === name ? { ...section, name: to } : section)));
  }

  /** One place up (-1) or down (1). */
  async shift(name, step) {
    const at = this.list.findIndex((section) => section.name === name);
    const list = this.list.toSpliced(at, 1);
    await this.#set(list.toSpliced(at + step, 0, this.list[at]));
  }

  /** Its rooms go back to where they would stand without it. @returns {Promise<() => Promise<void>>} what brings it back */
  async remove(name) {
    const before = this.list;
    await this.#set(before.filter((section) => section.name !== name));
    return () => this.#set(before);
  }

  async #set(sections) {
    await this.#request("sections_set", { sections });
    this.heard(sections);
  }
}
