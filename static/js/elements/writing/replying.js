import { filesText } from "../../lib/files.js";

const EXCERPT = 200;

/** A reactive controller of the field for writing: which message is being answered. It hears of that from the message's row. */
export class Replying {
  #host;
  #answer;
  #onReply = (event) => this.#take(event.detail.message);

  /** @param {import("../shared/element.js").HubElement} host with `client` and `room` @param {() => void} answer puts the reader before the field */
  constructor(host, answer) {
    this.#host = host;
    this.#answer = answer;
    host.addController(this);
  }

  hostConnected() {
    // The row stands elsewhere in the page.
    document.addEventListener("hub-reply", this.#onReply);
  }

  hostDisconnected() {
    document.removeEventListener("hub-reply", this.#onReply);
  }

  /** @returns {import("../../models/drafts.js").Reply | null} */
  get reply() {
    return this.#host.client.drafts.reply(this.#host.room.id);
  }

  get deleted() {
    const { reply } = this;
    return Boolean(reply && this.#host.room.timeline?.get(reply.seq)?.deleted);
  }

  /** The id of what is answered, unless that is gone by now. */
  get id() {
    return this.reply && !this.deleted ? this.reply.id : null;
  }

  drop() {
    const { client, room } = this.#host;
    client.drafts.setReply(room.id, null);
    this.#answer();
  }

  #take({ id, seq, author, text, files, room }) {
    if (room !== this.#host.room.id) return;
    const { id: person, username, name } = author;
    const words = text.replace(/\s+/g, " ").slice(0, EXCERPT) || filesText(files);
    this.#host.client.drafts.setReply(room, { id, seq, author: { id: person, username, name }, text: words });
    this.#answer();
  }
}
