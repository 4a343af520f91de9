/**
 * Which messages call me by a word of mine. They are encoded once for everybody in a room and don't say so; the server tells it to
 * me alone, before a message or beside a page of them. From here each message that does is `called`.
 */
export class Worded {
  /** By message: {rev, on}, for those of which a word has ever called me. */
  #known = new Map();

  /** The fact `called`, or what was kept. */
  heard({ message, rev, on }) {
    if (!(this.#known.get(message)?.rev > rev)) this.#known.set(message, { rev, on });
  }

  /** An answer, whose messages are as it says where it says something of them. */
  answered(answer) {
    const { messages = [], called } = answer ?? {};
    for (const message of messages) {
      const on = called?.includes(message.id);
      if (on || (called && this.#known.has(message.id))) this.heard({ message: message.id, rev: message.rev, on });
      this.mark(message);
    }
    return answer;
  }

  mark(message) {
    const known = this.#known.get(message.id);
    if (known?.on && message.rev >= known.rev && !message.deleted) message.called = true;
  }
}
