import { byName } from "../lib/order.js";
import { Listing } from "./listing.js";

const RANKS = { owner: 0, moderator: 1, member: 2 };

/**
 * Who is in a room, page by page; kept right by `members_changed` and, since that is told without numbers, read anew after a
 * lost connection. Events: "change", "users".
 */
export class Members extends Listing {
  #room;
  #request;
  #next = null;
  #byId = new Map();

  constructor(room, request) {
    super();
    this.#room = room;
    this.#request = request;
  }

  get more() {
    return this.#next !== null;
  }

  load() {
    return this.#page(null);
  }

  async loadMore() {
    if (this.more && !this.loading) await this.#page(this.#next);
  }

  /** Those with `query` in their names, whether they are loaded or not: the first page of them. */
  async find(query) {
    const { members } = await this.#request("room_members", { room: this.#room, query: query.trim() });
    this.emit("users", members.map((member) => member.user));
    return members;
  }

  /** The fact `members_changed`. @param {object[]} members with `gone` for who left */
  merge(members) {
    for (const member of members) {
      if (member.gone) this.#byId.delete(member.user.id);
      else this.#byId.set(member.user.id, member);
    }
    const order = (a, b) => RANKS[a.role] - RANKS[b.role] || byName(a.user.name, b.user.name);
    this.list = [...this.#byId.values()].sort(order);
    return true;
  }

  #page(after) {
    return this.read(() => this.#request("room_members", { room: this.#room, ...(after && { after }) }), ({ members, next = null }) => {
      if (!after) this.#byId.clear();
      this.#next = next;
      this.merge(members);
      this.emit("users", members.map((member) => member.user));
    });
  }
}
