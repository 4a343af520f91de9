import { Emitter } from "../lib/emitter.js";
import { byName } from "../lib/order.js";
import { Room } from "./room.js";

/** Where a room stands that is nowhere else. */
const GROUPS = { public: "named", private: "named", direct: "directs", help: "help" };

/**
 * The rooms that I am in, by title. Events: "change" (which rooms there are, their titles or order), "counts" (an unread or
 * mention count of any room).
 */
export class Rooms extends Emitter {
  #around;
  #byId = new Map();
  #sorted = null;
  #groups = null;
  #stops = new Map();

  /** @param {import("./room.js").Surroundings} around */
  constructor(around) {
    super();
    this.#around = around;
    // A direct conversation is titled by its people.
    around.people.on("put", () => this.all.some((room) => room.kind === "direct") && this.#reorder());
    around.drafts.on("room", (id) => this.#drafted(this.get(id)));
    around.sections.on("change", () => this.#reorder());
    around.typing.on("room", (id) => this.get(id)?.emit("typing"));
  }

  get(id) {
    return this.#byId.get(id);
  }

  /** @returns {Room[]} */
  get all() {
    this.#sorted ??= [...this.#byId.values()].sort((a, b) => byName(a.title, b.title) || a.id - b.id);
    return this.#sorted;
  }

  /**
   * The sidebar's groups in their order: what I starred, visitors, my own sections, named rooms, direct conversations. In a section the
   * rooms stand as I put them, elsewhere by title.
   *
   * @returns {{key: string, section?: string, rooms: Room[]}[]}
   */
  get groups() {
    this.#groups ??= this.#group();
    return this.#groups;
  }

  get unread() {
    return this.all.filter((room) => room.unread > 0 && !room.muted);
  }

  /** How many messages call for me: mentions, and everything in direct conversations and in those with visitors. */
  get mentions() {
    const calls = (room) => (room.personal && !room.muted ? room.unread : room.mentions);
    return this.all.reduce((sum, room) => sum + calls(room), 0);
  }

  /** How many unread messages call or answer me: what is new in the inbox. */
  get asking() {
    return this.all.reduce((sum, room) => sum + room.mentions + room.replies, 0);
  }

  /** The room `step` places away in the sidebar's order, going round; with `unread`, the nearest unread one that way. */
  next(fromId, step, { unread = false } = {}) {
    const order = this.groups.flatMap((group) => group.rooms);
    const count = order.length;
    const from = order.findIndex((room) => room.id === fromId);
    const start = from < 0 ? (step > 0 ? -1 : 0) : from;
    for (let i = 1; i <= count; i += 1) {
      const room = order[(((start + i * step) % count) + count) % count];
      if (room.id !== fromId && (!unread || (room.unread > 0 && !room.muted))) return room;
    }
    return null;
  }

  /**
   * All my rooms, as `welcome` tells them; the others are gone.
   *
   * @returns {{behind: Room[], gone: Room[]}} rooms whose timelines must be synced, rooms that I am no longer in
   */
  replace(wires) {
    const kept = new Set(wires.map((wire) => wire.id));
    const gone = [...this.#byId.values()].filter((room) => !kept.has(room.id));
    for (const room of gone) this.#drop(room);
    const behind = wires.filter((wire) => this.#put(wire)).map((wire) => this.get(wire.id));
    this.#reorder();
    this.emit("counts");
    return { behind, gone };
  }

  /** @returns {{room: Room, behind: boolean}} */
  put(wire) {
    const behind = this.#put(wire);
    this.#reorder();
    this.emit("counts");
    return { room: this.get(wire.id), behind };
  }

  remove(id) {
    const room = this.get(id);
    if (!room) return null;
    this.#drop(room);
    this.#reorder();
    this.emit("counts");
    return room;
  }

  #put(wire) {
    const known = this.get(wire.id);
    if (known) return known.refresh(wire);
    const room = new Room(wire, this.#around);
    this.#byId.set(room.id, room);
    const count = () => `${room.unread}/${room.mentions}/${room.replies}/${room.muted}`;
    let counted = count();
    const stops = [
      room.on("place", () => this.#reorder()),
      room.on("change", () => {
        const counts = count();
        if (counts === counted) return;
        counted = counts;
        this.emit("counts");
      }),
    ];
    this.#stops.set(room.id, () => stops.forEach((stop) => stop()));
    return false;
  }

  #drop(room) {
    room.close();
    this.#stops.get(room.id)?.();
    this.#stops.delete(room.id);
    this.#byId.delete(room.id);
  }

  #drafted(room) {
    room?.emit("change");
    if (room?.kind === "direct") room.emit("place");
  }

  #group() {
    const sections = this.#around.sections.list;
    const own = new Map(sections.flatMap(({ name, rooms }) => rooms.map((id) => [id, name])));
    const groups = { starred: [], help: [], named: [], directs: [] };
    const inSections = new Map();
    for (const room of this.all) {
      if (!room.listed) continue;
      if (!room.starred && room.kind !== "help" && own.has(room.id)) inSections.set(room.id, room);
      else groups[room.starred ? "starred" : GROUPS[room.kind]].push(room);
    }
    return [
      { key: "starred", rooms: groups.starred },
      ...(groups.help.length ? [{ key: "help", rooms: groups.help }] : []),
      ...sections.map(({ name, rooms }) => ({ key: `section:${name}`, section: name, rooms: rooms.map((id) => inSections.get(id)).filter(Boolean) })),
      { key: "named", rooms: groups.named },
      { key: "directs", rooms: groups.directs },
    ];
  }

  #reorder() {
    this.#sorted = null;
    this.#groups = null;
    this.emit("change");
  }
}
