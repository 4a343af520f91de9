import { Emitter } from "../lib/emitter.js";
import { byName } from "../lib/order.js";
import { Listing } from "./listing.js";

const PAGE = 50;
export const LISTS = ["waiting", "mine", "open", "resolved"];
const made = new WeakMap();

/** Visitors' conversations, as a client knows them; read when they are first looked at, and right from then on. */
export function helpOf(client) {
  if (!made.has(client)) made.set(client, new Help(client));
  return made.get(client);
}

const fold = (text) => text.normalize("NFKC").toLocaleLowerCase();

/** One of the four lists, perhaps only who is looked for. Who has waited longest comes first; of all others, what was begun last. */
class HelpList extends Listing {
  #name;
  #read;
  #belongs;

  list = null;
  /** @type {number | null} where the next page begins */
  next = null;
  /** What the names of those who are looked for have in them. */
  query = "";
  /** The last one of those that were read. */
  #end = null;

  /**
   * @param {string} name
   * @param {{read: (payload: object) => Promise<object>, belongs: (conversation: object) => boolean}} parts
   */
  constructor(name, { read, belongs }) {
    super();
    this.#name = name;
    this.#read = read;
    this.#belongs = belongs;
  }

  load() {
    this.next = null;
    return this.#page(null);
  }

  /** @param {string} query empty for all of them */
  find(query) {
    this.query = query.trim();
    return this.load();
  }

  async more() {
    if (this.next && !this.loading && !this.error) await this.#page(this.next);
  }

  merge(conversations) {
    const before = this.list;
    for (const one of conversations) this.#take(one);
    return this.list !== before;
  }

  #page(before) {
    const payload = { list: this.#name, limit: PAGE, query: this.query, ...(before && { before }) };
    return this.read(() => this.#read(payload), ({ conversations, next = null }) => {
      this.next = next;
      this.#end = conversations.at(-1) ?? this.#end;
      const known = new Set(before ? this.list.map(({ room }) => room) : []);
      this.list = [...(before ? this.list : []), ...conversations.filter(({ room }) => !known.has(room))];
    });
  }

  #take(conversation) {
    const { room } = conversation;
    const at = this.list.findIndex((one) => one.room === room);
    if (!this.#belongs(conversation) || !this.#isSought(conversation)) {
      if (at >= 0) this.list = this.list.toSpliced(at, 1);
    } else if (at >= 0) this.list = this.list.with(at, conversation);
    else if (!this.next || this.#before(conversation, this.#end)) {
      const place = this.list.findIndex((one) => this.#before(conversation, one));
      this.list = this.list.toSpliced(place < 0 ? this.list.length : place, 0, conversation);
    }
  }

  #isSought({ visitor }) {
    return fold(visitor.name).includes(fold(this.query));
  }

  #before(one, other) {
    if (this.#name !== "waiting") return one.room > other.room;
    const [since, others] = [Date.parse(one.waiting_since), Date.parse(other.waiting_since)];
    return since === others ? one.room < other.room : since < others;
  }
}

/** Canned answers, which all agents share. Nobody is told that they have changed: they are read anew when somebody begins to use them. */
class Answers extends Listing {
  #request;

  constructor(request) {
    super();
    this.#request = request;
  }

  load() {
    return this.read(() => this.#request("help_answers", {}), ({ answers }) => {
      this.list = answers;
    });
  }

  merge() {
    return false;
  }

  async set(short, text) {
    await this.#request("help_answer_set", { short, text });
    await this.load();
  }

  async remove({ id }) {
    await this.#request("help_answer_remove", { id });
    await this.load();
  }

  /** Those whose short name begins as what is typed, before those that have it elsewhere. */
  like(typed) {
    const wanted = typed.toLowerCase();
    const place = ({ short }) => short.toLowerCase().indexOf(wanted);
    return this.list.filter((answer) => place(answer) >= 0).sort((a, b) => Math.min(place(a), 1) - Math.min(place(b), 1) || byName(a.short, b.short));
  }
}

/**
 * What agents know of visitors' conversations and do with them.
 *
 * A conversation is told whole with each change, so the newest that was heard holds; what came after a lost line is read again with
 * the next one. Event: "change".
 */
export class Help extends Emitter {
  #client;
  /** Conversations as they are now, by room. */
  #known = new Map();
  /** Those that a visitor had before, by the room of the one that was looked at. */
  #earlier = new Map();
  /** What was said in conversations that I am not in: {messages, more, loading, error}. */
  #said = new Map();
  /** The rooms that are being asked for. */
  #looking = new Set();

  /** How many wait for somebody. */
  waiting = 0;
  /** @type {object | null} the resolved conversation that is being read, as it was last known; null once it is opened again */
  reading = null;

  constructor(client) {
    super();
    this.#client = client;
    const me = () => client.me.id;
    const belongs = {
      waiting: ({ state }) => state === "waiting",
      mine: ({ state, agent }) => state !== "resolved" && agent === me(),
      open: ({ state }) => state === "open",
      resolved: ({ state }) => state === "resolved",
    };
    this.lists = Object.fromEntries(LISTS.map((name) => [name, new HelpList(name, { belongs: belongs[name], read: (payload) => this.#list(payload) })]));
    for (const list of Object.values(this.lists)) list.on("change", () => this.emit("change"));
    this.answers = new Answers(client.request);
    client.on("help", (fact) => this.#heard(fact));
    client.on("welcomed", () => this.#welcomed());
  }

  /** Know how many wait, from now on. */
  begin() {
    const { waiting } = this.lists;
    // What failed is tried again with the next connection.
    if (!waiting.loaded && !waiting.loading && !waiting.error) waiting.load();
  }

  /** The conversation of a room, as far as it is known. */
  about(room) {
    return this.#known.get(room) ?? null;
  }

  /** Begin to read a resolved conversation, or none any more. @param {object | null} conversation */
  show(conversation) {
    this.reading = conversation;
    if (conversation) this.read(conversation.room);
    this.emit("change");
  }

  /** Those that the visitor had before, the newest first; null until `look` has told. */
  earlier(room) {
    return this.#earlier.get(room) ?? null;
  }

  /** Come into a conversation, and know all about it. */
  async look(room) {
    if (this.#looking.has(room)) return;
    this.#looking.add(room);
    try {
      const { conversation, earlier } = await this.#client.request("help_look_at", { room });
      this.#earlier.set(room, earlier);
      this.#learn([conversation, ...earlier]);
    } finally {
      this.#looking.delete(room);
    }
    this.emit("change");
  }

  take(room) {
    return this.assign(room, this.#client.me.id);
  }

  /** @param {number | null} user nobody: it waits again */
  async assign(room, user) {
    await this.#client.request("help_assign", { room, user });
  }

  async resolve(room) {
    await this.#client.request("help_resolve", { room, resolved: true });
  }

  /** It is mine then. */
  async reopen(room) {
    await this.#client.request("help_resolve", { room, resolved: false });
  }

  /** @returns {Promise<object[]>} everybody who answers, by name */
  async agents() {
    const { agents } = await this.#client.request("help_agents", {});
    this.#client.people.put(...agents);
    return agents;
  }

  /** @returns {Promise<object[]>} by day */
  async figures(days) {
    return (await this.#client.request("help_figures", { days })).days;
  }

  /** What was said in a conversation, as far as it was read without coming into it. */
  said(room) {
    return this.#said.get(room) ?? null;
  }

  /** Read the end of what was said in it, or what came before that. */
  async read(room, { more = false } = {}) {
    const before = more ? this.said(room) : null;
    if (before?.loading) return;
    this.#keepSaid(room, { messages: before?.messages ?? null, more: false, loading: true, error: null });
    try {
      const [first] = before?.messages ?? [];
      const { messages } = await this.#client.request("help_earlier", { room, ...(first && { before: first.seq }) });
      const all = [...messages, ...(before?.messages ?? [])];
      // Each message has its own `seq`, from 1 on.
      this.#keepSaid(room, { messages: all, more: messages.length > 0 && messages[0].seq > 1, loading: false, error: null });
    } catch (error) {
      this.#keepSaid(room, { messages: before?.messages ?? null, more: false, loading: false, error });
    }
  }

  #keepSaid(room, said) {
    this.#said.set(room, said);
    this.emit("change");
  }

  async #list(payload) {
    const answer = await this.#client.request("help_list", payload);
    this.waiting = answer.waiting;
    this.#learn(answer.conversations);
    return answer;
  }

  #heard({ conversation, waiting }) {
    this.waiting = waiting;
    this.#learn([conversation]);
    for (const list of Object.values(this.lists)) list.heard([conversation]);
    this.emit("change");
  }

  #learn(conversations) {
    this.#client.people.put(...conversations.map(({ visitor }) => visitor));
    for (const one of conversations) {
      this.#known.set(one.room, one);
      if (one.room === this.reading?.room) this.reading = one.state === "resolved" ? one : null;
    }
  }

  /** Something may have been missed. */
  #welcomed() {
    for (const list of Object.values(this.lists)) list.reload();
    // What is known of the others is told when somebody looks at them again.
    this.#known.clear();
    this.#earlier.clear();
  }
}
