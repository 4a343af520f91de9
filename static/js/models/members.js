import { Emitter } from "../lib/emitter.js";

const RANKS = { owner: 0, moderator: 1, member: 2 };
const names = new Intl.Collator();

/** Who is in a room, page by page; kept right by `members_changed` and read anew after a reconnect. */
export class Members extends Emitter {
  #room;
  #request;
  #next = null;
  #turn = 0;
  #byId = new Map();

  list = [];
  loaded = false;
  loading = false;
  error = null;

  constructor(room, request) {
    super();
    this.#room = room;
    this.#request = request;
  }

  get more() {
    return this.#next !== null;
  }

  async load() {
    await this.#page(null);
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
  heard(members) {
    if (!this.loaded) return;
    for (const member of members) {
      if (member.gone) this.#byId.delete(member.user.id);
      else this.#byId.set(member.user.id, member);
    }
    this.#sort();
  }

  /** Membership is told without numbers, so after a lost connection it is read again where it was read before. */
  reload() {
    if (this.loaded || this.error) this.load();
  }

  async #page(after) {
    const turn = (this.#turn += 1);
    this.loading = true;
    this.error = null;
    this.emit("change");
    try {
      const page = await this.#request("room_members", { room: this.#room, ...(after && { after }) });
      if (turn !== this.#turn) return;
      if (!after) this.#byId.clear();
      for (const member of page.members) this.#byId.set(member.user.id, member);
      this.#next = page.next ?? null;
      this.loaded = true;
      this.emit("users", page.members.map((member) => member.user));
    } catch (error) {
      if (turn !== this.#turn) return;
      this.error = error;
    }
    this.loading = false;
    this.#sort();
  }

  #sort() {
    const order = (a, b) => RANKS[a.role] - RANKS[b.role] || names.compare(a.user.name, b.user.name);
    this.list = [...this.#byId.values()].sort(order);
    this.emit("change");
  }
}
