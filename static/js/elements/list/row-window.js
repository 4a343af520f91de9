/**
 * Which of a timeline's messages are drawn: at most `most`, from `from` to `to` (seqs; null means the loaded end).
 * Without DOM: the list tells where the reader is, this answers with a slice.
 */
export class RowWindow {
  #most;
  #step;
  #few;
  #pace;
  #from = null;
  #to = null;
  /** The oldest message that is drawn. */
  #first = null;
  /** The newest message that is drawn for somebody who follows the end. */
  #drawn = null;
  /** Whether messages wait for the next frame. */
  waiting = false;

  constructor({ most = 300, step = 15, few = 20, pace = 6 } = {}) {
    this.#most = most;
    this.#step = step;
    this.#few = few;
    this.#pace = pace;
  }

  /** Whether the newest loaded message is drawn. */
  get open() {
    return this.#to === null;
  }

  reset() {
    this.#from = null;
    this.#to = null;
    this.#first = null;
    this.#drawn = null;
  }

  /**
   * Begin with as few as fill a screen: the newest messages, and whatever comes from `seq` on. The others are drawn in
   * the next frame, and a room is open before that.
   */
  begin(messages, seq = null) {
    const from = Math.min(messages.length - this.#few, seq === null ? Infinity : place(messages, seq) - 2);
    this.#from = from > 0 ? messages[from].seq : null;
    this.#to = null;
    this.#first = null;
    this.#drawn = null;
  }

  /**
   * The slice to draw. Where there is more than fits, a reader who follows the end loses the oldest rows, another the
   * newest, so that nothing near the reader goes.
   *
   * @param {(message: object) => boolean} [urgent] whether a message must not wait for another frame
   */
  slice(messages, following, urgent = () => false) {
    this.#stepUp(messages);
    let [start, end] = this.#bounds(messages);
    const all = end;
    const follows = following && this.open;
    if (follows) end = this.#paced(messages, end, urgent);
    this.waiting = end < all;
    if (end - start > this.#most) {
      if (follows) {
        start = end - this.#most;
        this.#from = messages[start].seq;
      } else {
        end = start + this.#most;
        this.#to = messages[end - 1].seq;
      }
    }
    this.#first = messages[start]?.seq ?? null;
    this.#drawn = follows ? (messages[end - 1]?.seq ?? null) : null;
    return messages.slice(start, end);
  }

  /** Draw the newest `many` alone: every message that comes costs time for each row. */
  keep(messages, many) {
    if (messages.length > many) this.#from = messages.at(-many).seq;
  }

  /** Draw more of what is loaded above; false when the first loaded message is drawn already. */
  up(messages) {
    const [start, end] = this.#bounds(messages);
    if (start === 0) return false;
    const first = Math.max(0, start - this.#step);
    const last = Math.min(end, first + this.#most);
    this.#from = first === 0 ? null : messages[first].seq;
    this.#to = last === messages.length ? null : messages[last - 1].seq;
    return true;
  }

  /** Draw more of what is loaded below; false when the last loaded message is drawn already. */
  down(messages) {
    const [start, end] = this.#bounds(messages);
    if (end === messages.length) {
      this.#to = null;
      return false;
    }
    const last = Math.min(messages.length, end + this.#step);
    const first = Math.max(start, last - this.#most);
    this.#to = last === messages.length ? null : messages[last - 1].seq;
    this.#from = first === 0 ? null : messages[first].seq;
    return true;
  }

  /** Have `seq` among what is drawn. */
  show(messages, seq) {
    const [start, end] = this.#bounds(messages);
    const at = Math.min(place(messages, seq), messages.length - 1);
    if (at >= start && at < end && end - start <= this.#most) return;
    this.#first = null;
    const first = Math.max(0, Math.min(at - this.#most / 2, messages.length - this.#most));
    const last = Math.min(messages.length, first + this.#most);
    this.#from = first === 0 ? null : messages[first].seq;
    this.#to = last === messages.length ? null : messages[last - 1].seq;
  }

  /** Of older messages that were loaded meanwhile, those are drawn that come next; the others when the reader comes near. */
  #stepUp(messages) {
    if (this.#from !== null || this.#first === null) return;
    const from = place(messages, this.#first) - this.#step;
    if (from > 0) this.#from = messages[from].seq;
  }

  /** Where to end for now: a slow device draws a burst in several frames, but not what comes after a long absence. */
  #paced(messages, end, urgent) {
    if (this.#drawn === null) return end;
    const next = place(messages, this.#drawn + 1) + this.#pace;
    return next >= end || end - next > 6 * this.#pace || messages.slice(next, end).some(urgent) ? end : next;
  }

  #bounds(messages) {
    const start = this.#from === null ? 0 : place(messages, this.#from);
    const end = this.#to === null ? messages.length : place(messages, this.#to + 1);
    return [start, Math.max(start, end)];
  }
}

/** The index of the first message whose seq is at least `seq`. */
function place(messages, seq) {
  let low = 0;
  let high = messages.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (messages[middle].seq < seq) low = middle + 1;
    else high = middle;
  }
  return low;
}
