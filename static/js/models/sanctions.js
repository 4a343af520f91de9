import { Alarm } from "../lib/alarm.js";
import { Emitter } from "../lib/emitter.js";

/** Whether it holds at this moment of the server's clock. */
export const inForce = ({ until }, now) => until === null || Date.parse(until) > now;

/**
 * What was decided about me: mutes and bans, which end by themselves, and warnings that I have not closed yet.
 * Event: "change".
 */
export class Sanctions extends Emitter {
  #request;
  #now;
  #list = [];
  /** Warnings that I have closed, of which the server may not know. */
  #closed = new Set();
  #alarm = new Alarm(() => this.#changed());

  /**
   * @param {(name: string, payload: object) => Promise<any>} request
   * @param {() => number} now the server's clock
   */
  constructor(request, now) {
    super();
    this.#request = request;
    this.#now = now;
  }

  welcomed(list) {
    this.heard(list);
    for (const { id } of list) if (this.#closed.has(id)) this.#tell(id);
  }

  heard(list) {
    this.#list = list;
    this.#changed();
  }

  /** What keeps me from speaking in a room: of several, that which ends last. */
  muteIn(room) {
    return this.#longest("mute", ({ room: where }) => where === null || where === room);
  }

  /** What keeps me out of a room. */
  banFrom(room) {
    return this.#longest("room_ban", ({ room: where }) => where === room);
  }

  /** What keeps me out of everything. */
  get ban() {
    return this.#longest("ban", () => true);
  }

  get warnings() {
    return this.#list.filter(({ id, kind }) => kind === "warning" && !this.#closed.has(id));
  }

  /** I have seen a warning; without a connection the server hears of it later. */
  close({ id }) {
    this.#closed.add(id);
    this.emit("change");
    this.#tell(id);
  }

  #longest(kind, wanted) {
    const end = ({ until }) => (until === null ? Infinity : Date.parse(until));
    const found = this.#list.filter((one) => one.kind === kind && wanted(one) && inForce(one, this.#now()));
    return found.sort((one, other) => end(other) - end(one))[0] ?? null;
  }

  #changed() {
    const now = this.#now();
    this.#alarm.set(this.#list.filter((one) => inForce(one, now)).map(({ until }) => until), now);
    this.emit("change");
  }

  #tell(id) {
    this.#request("warning_seen", { id }).catch(() => {});
  }
}
