import { Emitter } from "../lib/emitter.js";

/** How long a reaction of mine is shown on my word alone after its ack: its fact comes in that time. */
const TRUSTED = 3_000;

/**
 * What can be done with a message that is there. Event: "change", when a reaction of mine is shown or taken back before the
 * server has told of it. Every command rejects with a `CommandError`.
 */
export class MessageActions extends Emitter {
  #request;
  #me;
  #rooms;
  /** Reactions of mine that the server has not told yet: message id -> emoji -> {on}. */
  #mine = new Map();

  /**
   * @param {object} options
   * @param {(name: string, payload: object) => Promise<any>} options.request
   * @param {() => number} options.me
   * @param {import("./rooms.js").Rooms} options.rooms
   */
  constructor({ request, me, rooms }) {
    super();
    this.#request = request;
    this.#me = me;
    this.#rooms = rooms;
  }

  async edit(message, text) {
    this.#changed(await this.#request("message_edit", { message: message.id, text }));
  }

  async delete(message) {
    this.#changed(await this.#request("message_delete", { message: message.id }));
  }

  async pin(message, on = true) {
    await this.#request(on ? "pin_add" : "pin_remove", { message: message.id });
  }

  /** Show no preview of this link any more. */
  async removePreview(message, url) {
    await this.#request("preview_remove", { message: message.id, url });
  }

  /** @returns {Promise<number[]>} who has read up to this message */
  async readers(message) {
    const { users } = await this.#request("message_readers", { message: message.id });
    return users;
  }

  /** The reactions as they are to be shown: the message's own, and what I have just chosen or taken away. */
  reactions(message) {
    const mine = this.#mine.get(message.id);
    if (!mine || message.deleted) return message.reactions;
    const me = this.#me();
    let shown = message.reactions;
    for (const [emoji, { on }] of mine) {
      const known = shown.find((reaction) => reaction.emoji === emoji);
      if (!known && on) shown = [...shown, { emoji, users: [me] }];
      if (!known || known.users.includes(me) === on) continue;
      const users = on ? [...known.users, me] : known.users.filter((user) => user !== me);
      shown = shown.flatMap((reaction) => (reaction !== known ? [reaction] : users.length ? [{ emoji, users }] : []));
    }
    return shown;
  }

  /** Choose an emoji, or take it away where it was chosen. It is shown at once. */
  async react(message, emoji, on = !this.#hasMine(message, emoji)) {
    const entry = { on };
    if (!this.#mine.has(message.id)) this.#mine.set(message.id, new Map());
    this.#mine.get(message.id).set(emoji, entry);
    this.emit("change");
    try {
      await this.#request(on ? "reaction_add" : "reaction_remove", { message: message.id, emoji });
      setTimeout(() => this.#forget(message.id, emoji, entry), TRUSTED);
    } catch (error) {
      this.#forget(message.id, emoji, entry);
      throw error;
    }
  }

  #hasMine(message, emoji) {
    return Boolean(this.reactions(message).find((reaction) => reaction.emoji === emoji)?.users.includes(this.#me()));
  }

  #forget(id, emoji, entry) {
    const mine = this.#mine.get(id);
    // It may have been chosen otherwise since.
    if (mine?.get(emoji) !== entry) return;
    mine.delete(emoji);
    if (!mine.size) this.#mine.delete(id);
    this.emit("change");
  }

  /** The ack and the fact of a change may come in either order. */
  #changed({ message }) {
    this.#rooms.get(message.room)?.offerMessage(message.rev, message);
  }
}
