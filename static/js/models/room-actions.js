import { byName } from "../lib/order.js";

/** What I can do with rooms as a whole. Each settles when the server has said yes, and throws its `CommandError`. */
export class RoomActions {
  #request;
  #rooms;
  #left;

  /**
   * @param {(name: string, payload: object) => Promise<any>} request
   * @param {import("./rooms.js").Rooms} rooms
   * @param {(id: number) => void} left called when I have left a room
   */
  constructor(request, rooms, left) {
    this.#request = request;
    this.#rooms = rooms;
    this.#left = left;
  }

  /** @param {number | string} room an id or a name @returns {Promise<import("./room.js").Room>} */
  join(room, { create = false } = {}) {
    return this.#enter("room_join", { room, ...(create && { create }) });
  }

  create({ name, kind = "public", topic = "", members = [] }) {
    return this.#enter("room_create", { name, kind, topic, members });
  }

  /** The conversation with these people; without any, with myself. */
  async openDirect(users) {
    const room = await this.#enter("direct_open", { users });
    room.show();
    return room;
  }

  async leave(room) {
    await this.#request("room_leave", { room });
    this.#left(room);
  }

  /**
   * The fact `room_changed` shows it, in its place among the room's changes.
   *
   * @param {{name?: string, topic?: string, slow_mode?: number, archived?: boolean}} changes
   */
  async update(room, changes) {
    await this.#request("room_update", { room, ...changes });
  }

  async invite(room, users) {
    await this.#request("room_invite", { room, users });
  }

  async removeMember(room, user) {
    await this.#request("room_remove", { room, user });
  }

  async setRole(room, user, role) {
    await this.#request("room_role", { room, user, role });
  }

  /** @returns {Promise<{url: string, expires_at: string}>} a link that can't be had again */
  makeLink(room, { days, uses }) {
    return this.#request("room_link", { room, days, uses });
  }

  async star(room, on) {
    await this.#request("room_star", { room, on });
    this.#rooms.get(room)?.heardOwn({ starred: on });
  }

  /** @param {"everything" | "mentions" | "nothing"} level */
  async setInvolvement(room, level) {
    await this.#request("involvement_set", { room, level });
    this.#rooms.get(room)?.heardOwn({ involvement: level });
  }

  /** A page of the directory; all of it, where that is one page, in the order of the page's language. */
  async list({ query = "", after, limit = 100, archived = false } = {}) {
    const payload = { query, limit, ...(after && { after }), ...(archived && { archived }) };
    const { rooms, next = null } = await this.#request("room_list", payload);
    if (!after && next === null) rooms.sort((one, other) => byName(one.name, other.name));
    return { rooms, next };
  }

  async #enter(command, payload) {
    const { room } = await this.#request(command, payload);
    return this.#rooms.put(room).room;
  }
}
