import { calls } from "./counts.js";
import { isSilent } from "./silence.js";

/** So long a message waits: who reads it meanwhile, here or on another device, need not be told of it. */
const PATIENCE = 1_000;
/** What was said longer ago was missed, and stands in the counts. */
const STALE = 5 * 60_000;
/** So many of a room's messages are shown together. */
const LINES = 3;

/** Whether I want to be told of this message, by what I chose for its room. */
export function wanted(room, message, me) {
  if (message.author.id === me || message.deleted || message.kind === "system") return false;
  if (room.involvement === "nothing") return false;
  return room.involvement === "everything" || calls(message, me);
}

/**
 * Which messages I am told of, outside of the page. Of all tabs of a browser one tells: the one that holds a lock. Each tab
 * shows the others by a lock, too, which room is being looked at in it.
 */
export class Notifications {
  #client;
  #page;
  #device;
  #locks;
  #show;
  #withdraw;
  #remind;
  #call;
  #chime;
  #waiting = new Map();
  /** Rooms of visitors who have begun to wait. */
  #visitors = new Set();
  #leads = false;
  #looked = null;
  #stopLooking = () => {};
  #tidying = null;

  /**
   * @param {object} options
   * @param {object} options.client
   * @param {import("../lib/page.js").Page} options.page
   * @param {import("./device.js").Device} options.device
   * @param {LockManager} options.locks
   * @param {(note: {room: object, messages: object[], count: number, called: boolean}) => void} options.show
   * @param {(isOver: (note: {room: number, seq: number}) => boolean) => void} options.withdraw takes away what is shown
   * @param {(note: {room: object, message: object, here: boolean}) => void} options.remind `here`: I am at this page
   * @param {(note: {conversation: object, here: boolean}) => void} options.call a visitor waits for anybody who answers
   * @param {() => void} options.chime
   */
  constructor({ client, page, device, locks, show, withdraw, remind, call, chime }) {
    this.#client = client;
    this.#page = page;
    this.#device = device;
    this.#locks = locks;
    this.#show = show;
    this.#withdraw = withdraw;
    this.#remind = remind;
    this.#call = call;
    this.#chime = chime;
  }

  start() {
    const client = this.#client;
    // Held as long as the page lives; then the next tab has it.
    this.#locks.request(`hubbub-notifies-${client.me.id}`, () => {
      this.#leads = true;
      return new Promise(() => {});
    });
    client.on("arrival", (arrival) => this.#arrived(arrival));
    client.on("messages", (messages) => this.#changed(messages));
    client.on("change", () => this.#look());
    client.rooms.on("counts", () => this.#tidyLater());
    client.saved.on("reminded", ({ message }) => this.#reminded(message));
    client.saved.on("change", () => this.#tidyLater());
    client.on("help", (fact) => this.#helped(fact));
    this.#page.on("change", () => this.#look());
    this.#look();
    this.#tidyLater();
  }

  #arrived({ room, message, watched }) {
    if (watched || !wanted(room, message, this.#client.me.id)) return;
    if (Date.now() + this.#client.clockOffset - Date.parse(message.created_at) > STALE) return;
    const waiting = this.#waiting.get(room.id);
    if (waiting) {
      waiting.push(message);
      return;
    }
    this.#waiting.set(room.id, [message]);
    setTimeout(() => this.#tell(room.id), PATIENCE);
  }

  /** A message that I wanted to come back to. Whoever is at a page sees it there; else the one that tells does so. */
  async #reminded(message) {
    const room = this.#client.rooms.get(message.room);
    if (room) await this.#tellAnywhere((here) => this.#remind({ room, message, here }));
  }

  /** A visitor begins to wait, or does not any more: whoever answers first takes the news away from all. */
  #helped({ conversation, calls }) {
    const { room, state } = conversation;
    if (state !== "waiting") {
      this.#visitors.delete(room);
      this.#withdraw((shown) => shown.visitor === true && shown.room === room);
    }
    if (!calls) return;
    this.#visitors.add(room);
    setTimeout(() => {
      if (this.#visitors.delete(room)) void this.#tellAnywhere((here) => this.#call({ conversation, here }));
    }, PATIENCE);
  }

  /** @param {(here: boolean) => void} show `here`: to somebody who is at this page */
  async #tellAnywhere(show) {
    const client = this.#client;
    const { notify, sound } = this.#device;
    if (client.phase !== "ready" || isSilent(client.me, client.choices.quietHours, Date.now() + client.clockOffset)) return;
    const here = this.#page.visible && this.#page.focused;
    if (here || (this.#leads && notify && !(await this.#isAtAPage()))) show(here);
    if (this.#leads && sound) this.#chime();
  }

  /** What waits may be said otherwise, or taken back. */
  #changed(messages) {
    for (const message of messages) {
      const waiting = this.#waiting.get(message.room);
      const place = waiting?.findIndex((one) => one.id === message.id) ?? -1;
      if (place >= 0) waiting[place] = message;
    }
  }

  async #tell(id) {
    const arrived = this.#waiting.get(id);
    this.#waiting.delete(id);
    const client = this.#client;
    const room = client.rooms.get(id);
    const { notify, sound } = this.#device;
    if (!room || client.phase !== "ready" || !this.#leads || !(notify || sound)) return;
    const messages = arrived.filter((message) => message.seq > room.lastRead && wanted(room, message, client.me.id));
    if (!messages.length || isSilent(client.me, client.choices.quietHours, Date.now() + client.clockOffset)) return;
    if (await this.#isLookedAt(id)) return;
    const called = room.personal || messages.some((message) => calls(message, client.me.id));
    if (notify) this.#show({ room, messages: messages.slice(-LINES), count: messages.length, called });
    if (sound && called) this.#chime();
  }

  /** Whether this or another tab shows the room to somebody who is at it. */
  async #isLookedAt(id) {
    const { held = [] } = await this.#locks.query();
    return held.some((lock) => lock.name === this.#lockOf(id));
  }

  /** Whether somebody is at this or another tab, whatever room it shows. */
  async #isAtAPage() {
    const { held = [] } = await this.#locks.query();
    return held.some((lock) => lock.name.startsWith(this.#lockOf("")));
  }

  #lockOf(id) {
    return `hubbub-looks-${this.#client.me.id}-${id}`;
  }

  #look() {
    const { current } = this.#client;
    const looked = current && this.#page.visible && this.#page.focused ? current.id : null;
    if (looked === this.#looked) return;
    this.#looked = looked;
    this.#stopLooking();
    this.#stopLooking = () => {};
    if (looked === null) return;
    const over = new Promise((resolve) => {
      this.#stopLooking = resolve;
    });
    this.#locks.request(this.#lockOf(looked), { mode: "shared" }, () => over);
  }

  /** What has been read, here or elsewhere, is not news any more. */
  #tidyLater() {
    this.#tidying ??= setTimeout(() => {
      this.#tidying = null;
      const { saved } = this.#client;
      if (this.#client.phase !== "ready" || !this.#client.epoch) return;
      this.#withdraw(({ room, seq, message, reminder, visitor }) => {
        // Who has been helped meanwhile is told at once.
        if (visitor) return false;
        if (reminder) return saved.known && saved.reminder(message)?.state !== "due";
        const known = this.#client.rooms.get(room);
        return !known || known.lastRead >= seq;
      });
    }, 300);
  }
}
