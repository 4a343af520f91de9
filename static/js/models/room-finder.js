const MOST_RECENT = 30;
/** Between one kind of fit and the next: more than any place among the recent ones. */
const RANK = 2 * MOST_RECENT;

/** Without case, accents and what stands between words: "Build-Logs" is found by "build logs". */
export const folded = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").replace(/[\s_.-]+/g, " ").trim().toLocaleLowerCase();

/** How well a title fits what is typed: 0 by its beginning, 1 where each word begins one of its own, 2 somewhere inside, null not at all. */
export function fit(title, words) {
  if (title.startsWith(words)) return 0;
  const pieces = title.split(" ");
  if (words.split(" ").every((word) => pieces.some((piece) => piece.startsWith(word)))) return 1;
  return title.includes(words) ? 2 : null;
}

/** My rooms in the order in which I am likely to mean them: those that were open last, and by their titles. */
export class RoomFinder {
  #rooms;
  #storage;
  #key;

  /**
   * @param {object} options
   * @param {import("./rooms.js").Rooms} options.rooms
   * @param {Storage | null} options.storage
   * @param {number} options.user
   */
  constructor({ rooms, storage, user }) {
    this.#rooms = rooms;
    this.#storage = storage;
    this.#key = `hubbub.recent.${user}`;
  }

  /** A room was opened. */
  visited(id) {
    const recent = [id, ...this.#recent.filter((other) => other !== id)].slice(0, MOST_RECENT);
    try {
      this.#storage?.setItem(this.#key, JSON.stringify(recent));
    } catch {
      // Refused or full: then they come by their titles.
    }
  }

  forget() {
    this.#storage?.removeItem(this.#key);
  }

  /** Those that fit what is typed, which may begin with # or @; all of them where nothing is. */
  find(query) {
    const words = folded(query.trim().replace(/^[#@]/, ""));
    return words ? this.#matching(words) : this.#recentFirst();
  }

  /** The ids of those with whom I talk alone, whom I talked with last first. */
  get companions() {
    return this.#recentFirst().filter((room) => room.others.length === 1).map((room) => room.others[0]);
  }

  /** Where I was before comes first; where I am now comes last, as nobody wants to go there. */
  #recentFirst() {
    const [current, ...before] = this.#recent;
    const order = before.map((id) => this.#rooms.get(id)).filter((room) => room?.listed);
    const here = this.#rooms.all.filter((room) => room.id === current);
    const rest = this.#rooms.all.filter((room) => room.listed && !order.includes(room) && !here.includes(room));
    return [...order, ...rest, ...here];
  }

  /** Titles that begin with the words first, then rooms that were open last. */
  #matching(words) {
    const recent = new Map(this.#recent.map((id, place) => [id, place]));
    const found = [];
    for (const room of this.#rooms.all) {
      const rank = room.listed ? fit(folded(room.title), words) : null;
      if (rank !== null) found.push({ room, weight: rank * RANK + (recent.get(room.id) ?? MOST_RECENT) });
    }
    return found.sort((a, b) => a.weight - b.weight).map(({ room }) => room);
  }

  get #recent() {
    try {
      const kept = JSON.parse(this.#storage?.getItem(this.#key) ?? "[]");
      return Array.isArray(kept) ? kept : [];
    } catch {
      return [];
    }
  }
}
