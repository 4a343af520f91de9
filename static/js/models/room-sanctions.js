import { Alarm } from "../lib/alarm.js";
import { Emitter } from "../lib/emitter.js";
import { inForce } from "./sanctions.js";

const NONE = [];
const made = new WeakMap();

/** Those of the rooms that somebody leads: read when they are first asked for, and right from then on. */
export function roomSanctionsOf(client) {
  if (!made.has(client)) made.set(client, new RoomSanctions(client));
  return made.get(client);
}

/** Who is muted in a room or banned from it, for who leads it, and what can be done about people. Event: "change". */
export class RoomSanctions extends Emitter {
  #client;
  /** By room; null while it is asked for the first time. */
  #lists = new Map();
  #alarm = new Alarm(() => this.#changed());

  constructor(client) {
    super();
    this.#client = client;
    client.on("room-sanctions", (room) => this.#lists.has(room) && this.#load(room));
    client.on("welcomed", () => {
      for (const room of this.#lists.keys()) this.#load(room);
    });
  }

  /** The latest first. */
  of(room) {
    if (!this.#lists.has(room)) {
      this.#lists.set(room, null);
      this.#load(room);
    }
    const now = this.#now();
    return (this.#lists.get(room) ?? NONE).filter((one) => inForce(one, now));
  }

  /** @returns {{mute: object | undefined, ban: object | undefined}} of somebody */
  about(room, user) {
    const theirs = this.of(room).filter((one) => one.user === user);
    return { mute: theirs.find(({ kind }) => kind === "mute"), ban: theirs.find(({ kind }) => kind === "room_ban") };
  }

  /** @param {{user: number, room: number | null, reason: string}} about without a room, as the server's staff */
  async warn({ user, room, reason }) {
    await this.#client.request("user_warn", { user, room, reason });
  }

  /** @param {{user: number, room: number | null, until: string | null, reason: string}} about */
  async mute({ user, room, until, reason }) {
    await this.#client.request("user_mute", { user, room, until, reason });
  }

  /** @param {{user: number, room: number, until: string | null, reason: string}} about */
  async ban({ user, room, until, reason }) {
    await this.#client.request("room_ban", { user, room, until, reason });
  }

  /** @param {{kind: "mute" | "room_ban", user: number, room: number}} sanction */
  async lift({ kind, user, room }) {
    await this.#client.request(kind === "mute" ? "user_unmute" : "room_unban", { user, room });
  }

  #now() {
    return Date.now() + this.#client.clockOffset;
  }

  async #load(room) {
    try {
      const { sanctions } = await this.#client.request("sanction_list", { room });
      this.#lists.set(room, sanctions);
      this.#changed();
    } catch (error) {
      // Who leads it no more has no business with it; without a line it is asked for again with the next one.
      if (error.code !== "disconnected" && error.code !== "timeout") this.#lists.set(room, NONE);
    }
  }

  #changed() {
    const now = this.#now();
    const all = [...this.#lists.values()].flatMap((list) => list ?? NONE);
    this.#alarm.set(all.filter((one) => inForce(one, now)).map(({ until }) => until), now);
    this.emit("change");
  }
}
