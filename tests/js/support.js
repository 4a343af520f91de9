/** Stand-ins for what lies around the models: a page, and a server of rooms whose facts can be lost, kept back or doubled. */
import { Emitter } from "../../static/js/lib/emitter.js";
import { CommandError } from "../../static/js/socket.js";

export const ANN = user(1, "ann");
export const BEN = user(2, "ben");

const EDITED = "2026-03-03T10:05:00.000Z";
/** What a deleted message has left of what can be said. */
const NOTHING = { text: "", html: "", edited_at: null, reply_to: null, reactions: [], files: [], mentions: [], pinned: false, call: null, happening: null, reply_author: null };

export function user(id, username) {
  return { id, username, name: username, role: "member", avatar: null, status: "online", status_text: "", status_emoji: "", status_until: null };
}

/** Wait for the thing itself, one turn of the event loop after the other, without looking at a clock. */
export async function until(what, holds) {
  for (let turn = 0; turn < 2_000; turn += 1) {
    if (await holds()) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error(`waited in vain for: ${what}`);
}

/** Let everything happen that needs no time to pass. */
export async function settle(turns = 30) {
  for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** A small seeded generator (mulberry32), so that a failing round can be run again by its number. */
export function randomFrom(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export class FakePage extends Emitter {
  visible = true;
  focused = true;
  online = true;

  become(state) {
    Object.assign(this, state);
    this.emit("change");
  }
}

/** localStorage in memory. */
export class FakeStorage {
  #items = new Map();

  get length() {
    return this.#items.size;
  }

  key(index) {
    return [...this.#items.keys()][index];
  }

  getItem(key) {
    return this.#items.get(key) ?? null;
  }

  setItem(key, value) {
    this.#items.set(key, value);
  }

  removeItem(key) {
    this.#items.delete(key);
  }
}

/** Another tab keeps this, and the page hears of it. */
export function keptElsewhere({ page, storage }, key, value) {
  if (value === null) storage.removeItem(key);
  else storage.setItem(key, value);
  page.emit("storage", { key });
}

/** `navigator.locks` as far as it is used: an exclusive lock by name, in the order of asking. */
export class FakeLocks {
  #tails = new Map();

  request(name, work) {
    const done = (this.#tails.get(name) ?? Promise.resolve()).then(work);
    this.#tails.set(name, done.catch(() => {}));
    return done;
  }
}

/** The rooms and messages of one server, with the promises of protocol.md and none of its machinery. */
export class FakeServer {
  epoch = "e1";
  mostUnread = 1_000;
  sections = [];
  rooms = new Map();
  sockets = new Set();
  users = new Map([ANN, BEN].map((person) => [person.id, person]));
  /** What each has saved, by who it is: {rev, entries: [{place, id, reminder}]}. */
  saved = new Map([ANN, BEN].map(({ id }) => [id, { rev: 0, entries: [] }]));
  /** What each sends later. */
  scheduled = new Map([ANN, BEN].map(({ id }) => [id, { rev: 0, list: [] }]));
  /** Whom a word of theirs calls, by message. */
  worded = new Map();
  /** What was uploaded, by id. */
  files = new Map();

  addRoom(id, members = [ANN.id, BEN.id], shared = {}) {
    const room = { id, name: `room-${id}`, kind: "public", topic: "", seq: 0, rev: 0, ownRev: 0, messages: [], reads: new Map(), members, ...shared };
    this.rooms.set(id, room);
    return room;
  }

  say(roomId, author, text, { cid = `${author.id}-${Math.random()}`, worded = [], ...special } = {}) {
    const room = this.rooms.get(roomId);
    room.seq += 1;
    room.rev += 1;
    const { id, username, name, avatar } = author;
    const message = {
      id: roomId * 10_000 + room.seq, room: roomId, seq: room.seq, rev: room.rev, author: { id, username, name, avatar }, cid,
      kind: "text", text, html: `<p>${text}</p>`, created_at: "2026-03-03T10:00:00.000Z", edited_at: null, deleted: false,
      reply_to: null, reactions: [], files: [], mentions: [], pinned: false, call: null, happening: null, reply_author: null, ...special,
    };
    room.messages.push(message);
    this.tell(room, "message_new", { room: roomId, rev: room.rev, message }, this.#word(message, worded));
    return message;
  }

  /** A file that is there for messages. */
  addFile(file = {}) {
    const id = this.files.size + 1;
    this.files.set(id, { id, name: `file-${id}.txt`, type: "text/plain", size: 10, width: null, height: null, thumb: null, ...file });
    return this.files.get(id);
  }

  edit(roomId, seq, text, { mentions = [], worded = [] } = {}) {
    return this.change(roomId, seq, { text, mentions, edited_at: EDITED }, worded);
  }

  delete(roomId, seq) {
    const { id } = this.rooms.get(roomId).messages[seq - 1];
    for (const [user, mine] of this.saved) {
      const reminder = mine.entries.find((entry) => entry.id === id)?.reminder;
      mine.entries = mine.entries.filter((entry) => entry.id !== id);
      if (reminder) this.#tellPerson(user, "reminders_changed", { rev: (mine.rev += 1), removed: id });
    }
    return this.change(roomId, seq, { ...NOTHING, deleted: true }, []);
  }

  react(roomId, seq, person, emoji, on = true) {
    const { reactions } = this.rooms.get(roomId).messages[seq - 1];
    const others = reactions.find((reaction) => reaction.emoji === emoji)?.users.filter((id) => id !== person.id) ?? [];
    const users = on ? [...others, person.id] : others;
    const rest = reactions.filter((reaction) => reaction.emoji !== emoji);
    return this.change(roomId, seq, { reactions: users.length ? [...rest, { emoji, users }] : rest });
  }

  pin(roomId, seq, pinned = true) {
    return this.change(roomId, seq, { pinned });
  }

  /** Somebody saves a message, or takes it off their list; told to their own connections. */
  save(person, id, on = true) {
    const mine = this.saved.get(person.id);
    if (mine.entries.some((entry) => entry.id === id) === on) return;
    mine.rev += 1;
    mine.entries = on ? [...mine.entries, { place: mine.rev, id }] : mine.entries.filter((entry) => entry.id !== id);
    const what = on ? { added: this.#all().find((message) => message.id === id), removed: null } : { added: null, removed: id };
    this.#tellPerson(person.id, "saved_changed", { rev: mine.rev, ...what });
  }

  /** Somebody's reminder of a message that they have saved, or save with it, is set, comes, is seen; with `at` null there is none. */
  remind(person, id, at, state = "waiting") {
    if (at) this.save(person, id);
    const mine = this.saved.get(person.id);
    const message = this.#all().find((one) => one.id === id);
    const reminder = at ? { message: id, room: message.room, at, state } : undefined;
    mine.entries = mine.entries.map((entry) => (entry.id === id ? { ...entry, reminder } : entry));
    mine.rev += 1;
    const what = reminder ? { changed: [reminder], ...(state === "due" && { message }) } : { removed: id };
    this.#tellPerson(person.id, "reminders_changed", { rev: mine.rev, ...what });
  }

  /** A change of what somebody has scheduled: one as it is now, or, by its id alone, gone. */
  schedule(person, { id, ...rest }) {
    const mine = this.scheduled.get(person.id);
    mine.rev += 1;
    const changed = "text" in rest ? { id, ...rest } : null;
    mine.list = [...mine.list.filter((one) => one.id !== id), ...(changed ? [changed] : [])];
    this.#tellPerson(person.id, "scheduled_changed", { rev: mine.rev, ...(changed ? { changed } : { removed: id }) });
    return changed;
  }

  #tellPerson(user, name, fact) {
    for (const socket of this.sockets) if (socket.user.id === user) socket.hear(name, structuredClone(fact));
  }

  /** A new state of a message, told to the room; with `worded`, whom words call now. */
  change(roomId, seq, state, worded = null) {
    const room = this.rooms.get(roomId);
    room.rev += 1;
    const message = { ...room.messages[seq - 1], ...state, rev: room.rev };
    room.messages[seq - 1] = message;
    this.tell(room, "message_changed", { room: roomId, rev: room.rev, message }, worded ? this.#word(message, worded) : new Map());
    return message;
  }

  /** Somebody has read up to `seq`, told to their own connections. */
  read(roomId, person, seq) {
    const room = this.rooms.get(roomId);
    room.reads.set(person.id, seq);
    const { last_read: _seq, ...counts } = this.counts(room, person.id);
    for (const socket of this.sockets) if (socket.user.id === person.id) socket.hear("read", { room: roomId, seq, rev: room.rev, ...counts });
  }

  changeTopic(roomId, topic) {
    const room = this.rooms.get(roomId);
    room.rev += 1;
    room.ownRev = room.rev;
    room.topic = topic;
    const { role, involvement, last_read: _read, unread, mentions, replies, ...shared } = this.view(room, ANN.id);
    this.tell(room, "room_changed", { room: shared, rev: room.rev });
  }

  tellHeads(...roomIds) {
    const heads = Object.fromEntries(roomIds.map((id) => [id, this.head(this.rooms.get(id))]));
    for (const socket of this.sockets) socket.hear("heads", { rooms: heads });
  }

  /** @param {Map<number, object>} before who hears a fact `called` first */
  tell(room, name, payload, before = new Map()) {
    for (const socket of this.sockets) {
      if (!room.members.includes(socket.user.id)) continue;
      const called = before.get(socket.user.id);
      socket.hearAll([...(called ? [["called", { ...called }]] : []), [name, structuredClone(payload)]]);
    }
  }

  /** Whom a word calls who is not named; returns what is told to whom that changes for. */
  #word(message, users) {
    const before = this.worded.get(message.id) ?? [];
    const after = users.filter((id) => id !== message.author.id && !message.mentions.includes(id) && !message.call);
    this.worded.set(message.id, after);
    const changed = [...before, ...after].filter((id) => before.includes(id) !== after.includes(id));
    return new Map(message.deleted ? [] : changed.map((id) => [id, { room: message.room, message: message.id, rev: message.rev, on: after.includes(id) }]));
  }

  /** Of these messages, those that call somebody by a word. */
  #calling(page, userId) {
    return page.filter(({ id }) => this.worded.get(id)?.includes(userId)).map(({ id }) => id);
  }

  head(room) {
    return { seq: room.seq, rev: room.rev };
  }

  view(room, userId) {
    return {
      id: room.id, name: room.name, kind: room.kind, topic: room.topic, head: this.head(room), role: "member", involvement: "everything",
      ...this.counts(room, userId), archived: false, slow_mode: 0, member_count: room.members.length, users: room.users ?? null, starred: false,
    };
  }

  counts(room, userId) {
    const read = room.reads.get(userId) ?? 0;
    const unread = room.messages.filter(({ seq, author, deleted, kind }) => seq > read && author.id !== userId && !deleted && kind !== "system");
    const mentions = unread.filter((message) => message.mentions.includes(userId) || message.call || this.worded.get(message.id)?.includes(userId));
    const replies = unread.filter((message) => !mentions.includes(message) && message.reply_author === userId);
    const shown = (found) => Math.min(this.mostUnread, found.length);
    return { last_read: read, unread: shown(unread), mentions: shown(mentions), replies: shown(replies) };
  }

  welcome(person) {
    const rooms = [...this.rooms.values()].filter((room) => room.members.includes(person.id));
    return {
      protocol: 1, epoch: this.epoch, time: new Date().toISOString(), user: person, users: [...this.users.values()],
      rooms: rooms.map((room) => this.view(room, person.id)), limits: { text: 10_000, room_name: 80, topic: 500, packet: 65_536, unread: this.mostUnread, file_size: 1_000, files: 3 }, features: ["files"],
      saved: this.saved.get(person.id).rev, scheduled: this.scheduled.get(person.id).rev, sections: this.sections,
    };
  }

  commands = {
    history: (me, { room: id, before, after, around, limit }) => {
      const room = this.#room(id);
      let page;
      if (after !== undefined) page = room.messages.filter((message) => message.seq > after).slice(0, limit);
      else if (around !== undefined) page = room.messages.filter((message) => Math.abs(message.seq - around) <= limit / 2);
      else page = room.messages.filter((message) => before === undefined || message.seq < before).slice(-limit);
      return { messages: page, more_before: page.length > 0 && page[0].seq > 1, more_after: (page.at(-1)?.seq ?? 0) < room.seq, head: this.head(room), called: this.#calling(page, me.id) };
    },
    room_sync: (me, { room: id, rev, limit }) => {
      const room = this.#room(id);
      const end = { head: this.head(room), counts: this.counts(room, me.id) };
      if (rev > room.rev || room.rev - rev > 5_000) return { ...end, reset: true };
      const changed = room.messages.filter((message) => message.rev > rev).sort((a, b) => a.rev - b.rev);
      const wire = room.ownRev > rev ? { room: this.view(room, me.id) } : {};
      const more = changed.length > limit;
      const page = changed.slice(0, limit);
      return { ...(more ? { head: end.head } : end), messages: page, more, called: this.#calling(page, me.id), ...wire };
    },
    message_send: (me, { room, cid, text, files: ids = [] }) => {
      const stored = this.#all().find((message) => message.author.id === me.id && message.cid === cid);
      if (stored) return { message: stored, duplicate: true };
      this.#room(room);
      const files = ids.map((id) => this.files.get(id));
      if (files.includes(undefined)) throw new CommandError({ code: "not_found", message: "There is no such file.", field: "files" });
      return { message: this.say(room, me, text, { cid, files }), duplicate: false };
    },
    message_edit: (_me, { message: id, text }) => ({ message: this.edit(...this.#place(id), text) }),
    message_delete: (_me, { message: id }) => ({ message: this.delete(...this.#place(id)) }),
    message_get: (_me, { messages: ids }) => ({ messages: this.#all().filter((message) => ids.includes(message.id)) }),
    message_readers: (_me, { message: id }) => {
      const [room, seq] = this.#place(id);
      return { users: this.#room(room).members.filter((member) => (this.#room(room).reads.get(member) ?? 0) >= seq) };
    },
    reaction_add: (me, { message: id, emoji }) => void this.react(...this.#place(id), me, emoji) ?? {},
    reaction_remove: (me, { message: id, emoji }) => void this.react(...this.#place(id), me, emoji, false) ?? {},
    pin_add: (_me, { message: id }) => void this.pin(...this.#place(id)) ?? {},
    pin_remove: (_me, { message: id }) => void this.pin(...this.#place(id), false) ?? {},
    pin_list: (_me, { room: id }) => ({ messages: this.#room(id).messages.filter((message) => message.pinned).sort((a, b) => b.rev - a.rev) }),
    room_files: (_me, { room: id, before = Infinity, limit }) => {
      const all = this.#room(id).messages.flatMap((message) => message.files.map((file, place) => (
        { id: message.seq * 10 + place, file, message: message.id, seq: message.seq, author: message.author.id, created_at: message.created_at }
      )));
      const older = all.reverse().filter((entry) => entry.id < before);
      return { files: older.slice(0, limit), next: older.length > limit ? older[limit - 1].id : null };
    },
    read_mark: (me, { room: id, seq, back = false }) => {
      if (back || seq > (this.#room(id).reads.get(me.id) ?? 0)) this.read(id, me, seq);
      return {};
    },
    inbox_list: (me, { kind, before = Infinity, limit }) => {
      const wanted = this.#all().filter(({ id, room, author, deleted, mentions, call, reply_author: answered }) =>
        id < before && !deleted && author.id !== me.id && this.#room(room).members.includes(me.id) &&
        ((kind !== "replies" && (mentions.includes(me.id) || call || this.worded.get(id)?.includes(me.id))) || (kind !== "mentions" && answered === me.id)));
      const page = wanted.sort((a, b) => b.id - a.id).slice(0, limit);
      return { messages: page, called: this.#calling(page, me.id), ...(page.length < wanted.length && { next: page.at(-1).id }) };
    },
    saved_set: (me, { message: id, on }) => void this.save(me, id, on) ?? {},
    saved_list: (me, { before = Infinity, limit }) => {
      const all = this.saved.get(me.id).entries.map(({ place, id }) => ({ place, message: this.#all().find((message) => message.id === id) }));
      const older = all.filter(({ place, message }) => place < before && this.#room(message.room).members.includes(me.id)).reverse();
      const page = older.slice(0, limit);
      const called = before === Infinity ? this.saved.get(me.id).entries.filter(({ reminder }) => reminder && reminder.state !== "waiting") : [];
      const due = called.map(({ id }) => this.#all().find((message) => message.id === id));
      return { messages: page.map(({ message }) => message), due, ...(page.length < older.length && { next: page.at(-1).place }) };
    },
    saved_ids: (me) => {
      const { rev, entries } = this.saved.get(me.id);
      return { rev, messages: entries.map(({ id }) => id), reminders: entries.flatMap(({ reminder }) => reminder ?? []) };
    },
    reminder_set: (me, { message: id, at }) => void this.remind(me, id, at) ?? {},
    reminders_seen: (me) => {
      const mine = this.saved.get(me.id);
      const changed = mine.entries.flatMap(({ reminder }) => (reminder?.state === "due" ? { ...reminder, state: "seen" } : []));
      mine.entries = mine.entries.map((entry) => ({ ...entry, reminder: changed.find(({ message }) => message === entry.id) ?? entry.reminder }));
      if (changed.length) this.#tellPerson(me.id, "reminders_changed", { rev: (mine.rev += 1), changed });
      return {};
    },
    scheduled_list: (me) => {
      const { rev, list } = this.scheduled.get(me.id);
      return { rev, scheduled: [...list].sort((one, other) => one.at.localeCompare(other.at)) };
    },
    scheduled_add: (me, { cid, ...fields }) => {
      const { list } = this.scheduled.get(me.id);
      const known = list.find((one) => one.cid === cid);
      return { scheduled: known ?? this.schedule(me, { id: 1 + Math.max(0, ...list.map(({ id }) => id)), cid, ...fields }) };
    },
    scheduled_change: (me, { id, ...fields }) => ({ scheduled: this.schedule(me, { ...this.scheduled.get(me.id).list.find((one) => one.id === id), ...fields }) }),
    scheduled_remove: (me, { id }) => void this.schedule(me, { id }) ?? {},
    user_list: (_me, { ids }) => ({ users: ids.map((id) => this.users.get(id)).filter(Boolean) }),
    room_members: (_me, { room: id }) => ({ members: this.#room(id).members.map((member) => ({ user: this.users.get(member), role: "member", gone: false })) }),
    time: () => ({ time: new Date().toISOString() }),
  };

  #all() {
    return [...this.rooms.values()].flatMap((room) => room.messages);
  }

  #place(id) {
    const message = this.#all().find((one) => one.id === id);
    if (!message) throw new CommandError({ code: "not_found", message: "There is no such message." });
    return [message.room, message.seq];
  }

  #room(id) {
    const room = this.rooms.get(id);
    if (!room) throw new CommandError({ code: "not_found", message: "There is no such room." });
    return room;
  }
}

/** What `FileDoor` is to the models: an upload ends when the test says so, unless `open`. */
export class FakeDoor {
  open = true;
  /** Uploads under way: {name, signal, onProgress, done, fail}. */
  flying = [];
  sent = [];
  takenBack = [];

  constructor(server) {
    this.server = server;
  }

  send(blob, name, { signal, onProgress }) {
    this.sent.push(name);
    return new Promise((resolve, reject) => {
      const over = () => (this.flying = this.flying.filter((one) => one !== flight));
      const done = () => (over(), resolve(this.server.addFile({ name, type: blob.type, size: blob.size })));
      const fail = (code, more = {}) => (over(), reject(new CommandError({ code, ...more })));
      const flight = { name, signal, onProgress, done, fail };
      signal.addEventListener("abort", () => fail("disconnected"));
      this.flying.push(flight);
      if (this.open) done();
    });
  }

  takeBack(id) {
    this.takenBack.push(id);
  }
}

/** What `Socket` is to the models, with a `FakeServer` behind it and a hand on everything that crosses. */
export class FakeSocket extends Emitter {
  connected = false;
  sid = null;
  transport = null;
  transportWhy = null;
  upgradeError = "";
  engineProtocol = 4;
  pingInterval = 25_000;
  pingTimeout = 20_000;
  /** Called for every fact; what it returns is delivered. */
  filter = (facts) => facts;
  /** Every command that was sent. */
  sent = [];
  told = [];
  /** name -> a function that stands in for the server's answer, until it is deleted */
  instead = {};
  reachable = true;
  /** @type {{code: string, message: string} | null} what every try meets */
  refusal = null;
  #flying = new Set();

  constructor(server, person = ANN) {
    super();
    this.server = server;
    this.user = person;
  }

  open() {
    queueMicrotask(() => {
      if (this.refusal) return this.emit("closed", { reason: "refused", refusal: this.refusal });
      if (!this.reachable) return this.emit("closed", { reason: "connect_error", refusal: null });
      this.connected = true;
      this.sid = `sid-${Math.random()}`;
      this.transport = "websocket";
      this.server.sockets.add(this);
      this.emit("open");
      this.hear("welcome", structuredClone(this.server.welcome(this.user)));
    });
  }

  close() {
    this.drop("closed");
  }

  /** Lose the connection: commands in flight have an unknown fate. */
  drop(reason = "transport close") {
    if (!this.connected) return;
    this.connected = false;
    this.transport = null;
    this.server.sockets.delete(this);
    for (const reject of this.#flying) reject(new CommandError({ code: "disconnected", retryable: true }));
    this.#flying.clear();
    this.emit("closed", { reason, refusal: null });
  }

  hear(name, payload) {
    this.hearAll([[name, payload]]);
  }

  /** What is told together comes together, in this order, or not at all. */
  hearAll(facts) {
    if (!this.connected) return;
    for (const [fact, content] of this.filter(facts)) this.emit("fact", { name: fact, payload: content });
  }

  command(name, payload) {
    if (!this.connected) return Promise.reject(new CommandError({ code: "disconnected", retryable: true }));
    this.sent.push([name, payload]);
    return new Promise((resolve, reject) => {
      this.#flying.add(reject);
      queueMicrotask(async () => {
        try {
          const answer = await (this.instead[name] ?? this.server.commands[name])(this.user, payload);
          if (this.#flying.delete(reject)) resolve(structuredClone(answer));
        } catch (error) {
          if (this.#flying.delete(reject)) reject(error);
        }
      });
    });
  }

  tell(name, payload) {
    if (this.connected) this.told.push([name, payload]);
  }

  count(name) {
    return this.sent.filter(([sent]) => sent === name).length;
  }
}

/** How many milliseconds of a processor it takes, whatever else the machine has to do. */
export function processorTime(work) {
  const begun = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / 1_000;
}
