import { Emitter } from "../lib/emitter.js";
import { byName } from "../lib/order.js";
import { fit, folded } from "./room-finder.js";
import { everywhere, isIdle, isUnfinished } from "./search.js";

const MOST_ROOMS = 30;
const MOST_PEOPLE = 8;
const MOST_MESSAGES = 5;
const KNOWN = 500;
const FIND_AFTER = 150;
const SEARCH_AFTER = 300;

const isCrowd = (room) => room.others.length > 1;
const roomResult = (room) => ({ key: `room-${room.id}`, room });

/**
 * What can be gone to with a few letters: rooms and people that this page knows at once, then people that the server has found, the
 * ways to look further, and messages. Whatever comes later comes below, so nothing moves that is there already. Without
 * letters, the rooms that were open last. Event: "change".
 *
 * @typedef {{key: string, room?: object, user?: object, status?: string, way?: "search" | "browse", hit?: object}} Result
 */
export class Jump extends Emitter {
  #request;
  #rooms;
  #finder;
  #people;
  #mayTalk;
  #isReady;
  #me;
  #timers = [];
  #turn = 0;
  #known = [];
  /** People that the server has found; null while it is being asked. */
  #found = [];
  #hits = [];
  #hasty = null;

  query = "";
  /** The key of the result that Enter takes; null for the first. */
  picked = null;

  /**
   * @param {object} options
   * @param {(name: string, payload: object) => Promise<any>} options.request
   * @param {import("./rooms.js").Rooms} options.rooms
   * @param {import("./room-finder.js").RoomFinder} options.finder
   * @param {import("./people.js").People} options.people
   * @param {number} options.user
   * @param {() => boolean} options.mayTalk whether I may begin conversations
   * @param {() => boolean} options.isReady whether it is known which rooms I am in
   */
  constructor({ request, rooms, finder, people, user, mayTalk, isReady }) {
    super();
    this.#request = request;
    this.#rooms = rooms;
    this.#finder = finder;
    this.#people = people;
    this.#me = user;
    this.#mayTalk = mayTalk;
    this.#isReady = isReady;
    rooms.on("change", () => this.look());
  }

  /** @returns {Result[]} */
  get results() {
    const query = this.query.trim();
    const rooms = this.#finder.find(query).slice(0, MOST_ROOMS);
    const listed = new Set(rooms.filter((room) => room.others.length === 1).map((room) => room.others[0]));
    const fresh = (user) => !listed.has(user.id) && user.id !== this.#me && listed.add(user.id);
    const known = this.#known.filter(fresh);
    const found = (this.#found ?? []).filter(fresh).slice(0, MOST_PEOPLE);
    const settled = this.#found !== null && this.#isReady();
    const ways = settled ? [...(query ? ["search"] : []), "browse"] : [];
    return [
      ...rooms.filter((room) => !query || !isCrowd(room)).map(roomResult),
      ...known.map((user) => ({ key: `person-${user.id}`, user })),
      // Whoever types a name means the person rather than all of those whom the person is one of.
      ...rooms.filter((room) => query && isCrowd(room)).map(roomResult),
      ...found.map((user) => ({ key: `person-${user.id}`, user, status: user.status })),
      ...ways.map((way) => ({ key: way, way })),
      ...(settled ? this.#hits.filter((hit) => this.#rooms.get(hit.message.room)) : []).map((hit) => ({ key: `message-${hit.message.id}`, hit })),
    ];
  }

  /** The place in the results of the one that Enter takes. */
  get place() {
    return Math.max(0, this.results.findIndex((result) => result.key === this.picked));
  }

  /** The letters have changed. */
  type(query) {
    this.clear();
    this.query = query;
    const words = query.trim();
    this.#known = this.#knownBy(words);
    if (words && !words.startsWith("#") && this.#mayTalk()) {
      this.#found = null;
      this.#later(FIND_AFTER, (turn) => this.#find(words.replace(/^@/, ""), turn));
    }
    if (!/^[#@]/.test(words) && !isIdle(words) && !isUnfinished(words) && everywhere(words)) this.#later(SEARCH_AFTER, (turn) => this.#search(words, turn));
    this.emit("change");
  }

  clear() {
    this.#turn += 1;
    for (const timer of this.#timers.splice(0)) clearTimeout(timer);
    this.#known = [];
    this.#found = [];
    this.#hits = [];
    this.#hasty = null;
    this.query = "";
    this.picked = null;
    this.emit("change");
  }

  /** Pick the result `step` places further, going round. */
  move(step) {
    const { results } = this;
    if (results.length) this.#pick(results[(this.place + step + results.length) % results.length]);
  }

  toFirst() {
    this.#pick(this.results[0]);
  }

  toLast() {
    this.#pick(this.results.at(-1));
  }

  /** Take the picked result; where there is none yet, the first that comes. */
  take(act) {
    const { results } = this;
    if (results.length) return act(results[this.place]);
    this.#hasty = act;
  }

  #knownBy(query) {
    const words = folded(query.replace(/^@/, ""));
    if (!words || query.startsWith("#") || !this.#mayTalk()) return [];
    const known = this.#people.known(KNOWN).filter((user) => fit(folded(`${user.name} ${user.username}`), words) !== null);
    return known.sort((a, b) => byName(a.name, b.name)).slice(0, MOST_PEOPLE);
  }

  async #find(name, turn) {
    let found = [];
    try {
      ({ users: found } = await this.#request("user_list", { query: name, limit: MOST_PEOPLE + 1 }));
    } catch {
      // The rooms are there without a connection too; people come with it.
    }
    if (turn !== this.#turn) return;
    this.#found = found;
    this.look();
  }

  async #search(query, turn) {
    try {
      const { hits } = await this.#request("search", { query, limit: MOST_MESSAGES });
      if (turn !== this.#turn) return;
      this.#hits = hits;
      this.look();
    } catch {
      // The way to the whole search stands there, and says what is wrong.
    }
  }

  #later(wait, act) {
    const turn = this.#turn;
    this.#timers.push(setTimeout(() => act(turn), wait));
  }

  #pick(result) {
    this.picked = result?.key ?? null;
    this.emit("change");
  }

  /** Something new may be there, for which somebody may have pressed Enter already. */
  look() {
    const act = this.#hasty;
    if (act && this.results.length) {
      this.#hasty = null;
      act(this.results[0]);
    }
    this.emit("change");
  }
}
