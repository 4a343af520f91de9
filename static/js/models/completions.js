import { Emitter } from "../lib/emitter.js";
import { tokenAt } from "./completion-token.js";
import { emojiItems, peopleItems, roomItems } from "./completion-items.js";
import { helpOf } from "./help.js";
import { commandsLike } from "./slash.js";

const PAUSE = 120;
const FRESH = 60_000;
const KEPT = 50;
const PAGE = 20;

/**
 * What is offered for the word at the caret: people, rooms, emoji, commands, and canned answers where visitors are helped. What is known here is offered at once, also
 * without a connection; what the server adds comes a moment later, unless something else is typed by then. Event: "change".
 *
 * @typedef {object} Item
 * @property {string} key
 * @property {"person" | "call" | "room" | "emoji" | "command" | "answer"} kind
 * @property {string} insert what is put in place of the word
 */
export class Completions extends Emitter {
  #client;
  #room = null;
  #findEmoji;
  #answers = new Map();
  #turn = 0;
  #timer = null;
  #dismissed = null;
  #stopHearing = null;
  #text = "";

  /** @type {ReturnType<typeof tokenAt>} */
  token = null;
  /** @type {Item[]} */
  items = [];

  /** @param {(query: string) => Promise<{emoji: string, name: string, shortcode: string}[]>} findEmoji */
  constructor(client, findEmoji) {
    super();
    this.#client = client;
    this.#findEmoji = findEmoji;
  }

  /** Call after every change of the text or the caret. */
  look(room, text, caret) {
    this.#enter(room);
    const token = tokenAt(text, caret, { answers: room.kind === "help" });
    if (!token || token.from !== this.#dismissed) this.#dismissed = null;
    const before = this.token;
    this.#text = text;
    if (!token || this.#dismissed !== null) return this.#clear();
    this.token = token;
    if (before && before.kind === token.kind && before.query === token.query && before.from === token.from) return;
    this.#turn += 1;
    clearTimeout(this.#timer);
    // Emoji stay until the next are found, unless something else is typed now.
    if (before?.kind !== token.kind || before.from !== token.from) this.items = [];
    this.#offer();
    this.#ask();
  }

  /** The person wants none of it for this word. */
  dismiss() {
    this.#dismissed = this.token?.from ?? null;
    this.#clear();
  }

  close() {
    this.#dismissed = null;
    this.#clear();
    this.#stopHearing?.();
    this.#stopHearing = null;
    this.#room = null;
  }

  #enter(room) {
    if (room === this.#room) return;
    this.close();
    this.#room = room;
    const stops = [room.members.on("change", () => this.token?.kind === "people" && this.#offer())];
    if (room.kind === "help") {
      const { answers } = helpOf(this.#client);
      answers.load();
      stops.push(answers.on("change", () => this.token?.kind === "answers" && this.#offer()));
    }
    this.#stopHearing = () => stops.forEach((stop) => stop());
  }

  #clear() {
    this.#turn += 1;
    clearTimeout(this.#timer);
    if (!this.token && !this.items.length) return;
    this.token = null;
    this.#show([]);
  }

  #show(items) {
    this.items = items;
    this.emit("change");
  }

  /** What can be said without asking. */
  #offer() {
    const { kind, query } = this.token;
    const inviting = this.#text.startsWith("/invite ");
    const commands = () => commandsLike(query, this.#room).map((command) => ({ key: command.name, kind: "command", insert: `/${command.name}`, command }));
    if (kind === "commands") this.#show(commands());
    else if (kind === "answers") {
      const answers = helpOf(this.#client).answers.like(query);
      this.#show([...answers.map((answer) => ({ key: `answer-${answer.id}`, kind: "answer", insert: answer.text, answer })), ...commands()]);
    } else if (kind === "people") {
      this.#show(peopleItems(this.#client, this.#room, { query, found: this.#known("people", query) ?? [], inviting }));
    } else if (kind === "rooms") {
      this.#show(roomItems(this.#client, query, this.#known("rooms", query) ?? []));
    } else if (this.#known("emoji", query)) {
      this.#show(emojiItems(this.#known("emoji", query)));
    }
  }

  /** What has to be asked for; where nothing answers, what is known has to do. */
  #ask() {
    const { kind, query } = this.token;
    const { members } = this.#room;
    if (kind === "people" && this.#room.kind !== "direct" && !members.loaded && !members.loading) members.load();
    if (kind === "commands" || kind === "answers" || this.#known(kind, query) || (!query && kind === "people")) return;
    const turn = this.#turn;
    const answer = async () => {
      let value = [];
      try {
        value = await this.#request(kind, query);
        this.#keep(`${kind} ${query}`, value);
      } catch {
        // Asked again with the next letter.
      }
      if (turn === this.#turn) this.#answered(kind, value);
    };
    if (kind === "emoji") answer();
    else this.#timer = setTimeout(answer, PAUSE);
  }

  #answered(kind, value) {
    if (kind === "emoji") this.#show(emojiItems(value));
    else this.#offer();
  }

  async #request(kind, query) {
    if (kind === "emoji") return this.#findEmoji(query);
    if (kind === "people") return (await this.#client.people.find(query, PAGE)).map((user) => user.id);
    return (await this.#client.roomActions.list({ query, limit: PAGE })).rooms;
  }

  #keep(key, value) {
    this.#answers.delete(key);
    this.#answers.set(key, { value, at: Date.now() });
    if (this.#answers.size > KEPT) this.#answers.delete(this.#answers.keys().next().value);
  }

  #known(kind, query) {
    const answer = this.#answers.get(`${kind} ${query}`);
    return answer && Date.now() - answer.at < FRESH ? answer.value : null;
  }
}
