import { Emitter } from "../lib/emitter.js";

/** How many timelines are kept loaded and up to date; the one that was open longest ago goes first. */
const TIMELINES = 12;

/** Which room is open, and which were before. Events: "change", "enter" with the room, "leave" with the room. */
export class Visits extends Emitter {
  #rooms;
  #isWelcomed;
  #asked = null;

  /** @type {import("./room.js").Room | null} */
  current = null;
  /** The id of a room that was asked for and that I am not in. */
  wanted = null;
  /** @type {import("./room.js").Room[]} whose timelines are kept, the last one first */
  recent = [];

  /** @param {{rooms: import("./rooms.js").Rooms, isWelcomed: () => boolean}} around whether the server has told the rooms */
  constructor({ rooms, isWelcomed }) {
    super();
    this.#rooms = rooms;
    this.#isWelcomed = isWelcomed;
  }

  /** Make a room the current one. Before the rooms are known this is remembered. */
  open(id) {
    this.#asked = id;
    const room = this.#rooms.get(id);
    if (room && room === this.current) return;
    this.#leave();
    this.wanted = room || !this.#isWelcomed() ? null : id;
    if (room) this.#enter(room);
    this.emit("change");
  }

  close() {
    this.#asked = null;
    this.wanted = null;
    this.#leave();
    this.emit("change");
  }

  /** The page's address names a room; it may have become known, or lost its first page with the connection. */
  reopen() {
    if (this.current) {
      const { timeline } = this.current;
      if (timeline.error) timeline.retry();
      else load(timeline);
    } else if (this.#asked) {
      this.open(this.#asked);
    }
  }

  /** Go on from the rooms that were kept from the last visit. */
  restore(recent) {
    this.recent = recent;
    if (this.#asked) this.open(this.#asked);
  }

  /** A room is gone. @returns {boolean} whether it was the current one; it is still asked for */
  lost(room) {
    this.recent = this.recent.filter((other) => other !== room);
    if (this.current !== room) return false;
    this.current = null;
    return true;
  }

  /** I am in a room no longer, and know it. */
  left(room) {
    if (this.lost(room)) this.#asked = null;
  }

  /** All rooms are to be read anew, with the one that is asked for. */
  forget() {
    const asked = this.#asked;
    this.close();
    this.#asked = asked;
    this.recent = [];
  }

  #enter(room) {
    this.current = room;
    this.wanted = null;
    room.newAfter = room.unread > 0 ? room.lastRead : null;
    room.keptUnread = false;
    const timeline = room.openTimeline();
    this.recent = [room, ...this.recent.filter((other) => other !== room)];
    for (const old of this.recent.splice(TIMELINES)) old.closeTimeline();
    if (this.#isWelcomed()) load(timeline);
    this.emit("enter", room);
  }

  #leave() {
    const room = this.current;
    if (!room) return;
    this.current = null;
    this.emit("leave", room);
    room.newAfter = null;
    room.timeline?.trim();
  }
}

function load(timeline) {
  if (!timeline.loaded && !timeline.loading) timeline.loadNewest();
}
