import { lastVisible } from "./keys.js";

const AT_END = 100;
/** How long a message that was jumped to stands out. */
const FLASH = 1_800;

/** Where in the list of messages the reader is, and how they are brought elsewhere in it. */
export class Reader {
  #host;
  #list = null;
  /** Where the list was scrolled to, when it was brought to its end last. */
  #put = Infinity;
  /** The highest seq that has been in view. */
  seen = 0;

  /** @param {HTMLElement} host has the scrolling element `.messages` with the rows */
  constructor(host) {
    this.#host = host;
  }

  get list() {
    this.#list ??= this.#host.querySelector(".messages");
    return this.#list;
  }

  get rows() {
    return [...this.#host.querySelectorAll("hub-message")];
  }

  /** How much lies above what is in view, in pixels. */
  get above() {
    return this.list.scrollTop;
  }

  /** Whether the list stands where it was brought as its end. */
  get resting() {
    return this.list.scrollTop === this.#put;
  }

  /** How much lies below it. */
  get below() {
    const { list } = this;
    return list.scrollHeight - list.scrollTop - list.clientHeight;
  }

  /** How many rows fill what is in view and so many pixels more, as tall as they are on average. */
  fitting(more) {
    const { list } = this;
    return Math.ceil((list.getElementsByTagName("hub-message").length * (list.clientHeight + more)) / list.scrollHeight);
  }

  /**
   * Whether the reader follows what comes, and whether they are far from it.
   *
   * @param {{atEnd: boolean, following: boolean}} now - `atEnd`: below the last row there is nothing
   */
  look({ atEnd, following }) {
    const { list, below } = this;
    return {
      // Where rows grow before their frame's layout is done, the reader has not gone anywhere.
      following: atEnd && (below < AT_END || (following && list.scrollTop >= this.#put)),
      faraway: !atEnd || below > list.clientHeight,
    };
  }

  /** The seq of the lowest row in view. */
  get lowest() {
    return lastVisible(this.rows, this.list)?.message?.seq ?? 0;
  }

  toEnd() {
    const { list } = this;
    list.scrollTop = list.scrollHeight;
    this.#put = list.scrollTop;
  }

  /** Up to a row that lies higher than a quarter below the top. */
  upTo(row) {
    const { list } = this;
    const above = row.getBoundingClientRect().top - list.getBoundingClientRect().top - list.clientHeight / 4;
    if (above < 0) list.scrollTop += above;
  }

  /** To a message, or to the nearest one after it, which stands out for a moment. @returns {boolean} whether there is one */
  toMessage(seq, { focus = true }) {
    const rows = this.rows.filter((row) => row.message);
    const row = rows.find((one) => one.message.seq >= seq) ?? rows.at(-1);
    if (!row) return false;
    const { list } = this;
    const place = row.getBoundingClientRect();
    list.scrollTop += place.top - list.getBoundingClientRect().top - Math.max(60, (list.clientHeight - place.height) / 2);
    if (focus) row.focus({ preventScroll: true });
    row.classList.add("flash");
    setTimeout(() => row.classList.remove("flash"), FLASH);
    return true;
  }
}
