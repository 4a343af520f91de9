import { Emitter } from "../lib/emitter.js";
import { FileDoor } from "../files.js";
import { Page } from "../lib/page.js";
import { forgetShells } from "../lib/shells.js";
import { availableStorage } from "../lib/storage.js";
import { Socket } from "../socket.js";
import { Attachments } from "./attachments.js";
import { Announcement } from "./announcement.js";
import { Cache } from "./cache.js";
import { Worded } from "./worded.js";
import { Choices } from "./choices.js";
import { calls } from "./counts.js";
import { Connection } from "./connection.js";
import { Database } from "./database.js";
import { Drafts } from "./drafts.js";
import { Facts } from "./facts.js";
import { Inbox } from "./inbox.js";
import { Jump } from "./jump.js";
import { keep, takeUp } from "./kept.js";
import { MessageActions } from "./message-actions.js";
import { Outbox } from "./outbox.js";
import { own } from "./own-emoji.js";
import { People } from "./people.js";
import { Presence } from "./presence.js";
import { Reads } from "./reads.js";
import { RoomActions } from "./room-actions.js";
import { RoomFinder } from "./room-finder.js";
import { Rooms } from "./rooms.js";
import { Sanctions } from "./sanctions.js";
import { Saved } from "./saved.js";
import { Search } from "./search.js";
import { Sections } from "./sections.js";
import { Sync } from "./sync.js";
import { Typing } from "./typing.js";
import { UploadQueue } from "./upload-queue.js";
import { Updates } from "./updates.js";
import { Visits } from "./visits.js";

const LIMITS = { text: 10_000, room_name: 80, topic: 500, packet: 65_536, unread: 1_000, edit_seconds: 0, file_size: 0, files: 10 };

/** Make the client of a page; every part of its surroundings can be replaced in tests. */
export function createClient(options) {
  return new Client(options);
}

/**
 * The root of the models: who I am, where I am, and what I can ask for.
 *
 * Events: "change", "notice" {level, code, message}, "arrival" {room, message, mention, watched}, "messages" (as they are
 * now, in whichever room), "removed" {room, reason}, "said" {room}: what waited for its files is sent, "scheduled": a fact for who has that
 * list, or null where a connection has begun; for what else is loaded later "welcomed", "help", "report" and "room-sanctions" with a room's id.
 */
class Client extends Emitter {
  #socket;
  #sync;
  #facts;
  #cache;
  #onSignedOut;
  #visits;
  #welcomed = false;
  /** Whether it is known what was kept from the last visit. */
  #looked = false;

  /** @type {"starting" | "ready" | "ended"} */
  phase = "starting";
  limits = LIMITS;
  features = [];
  epoch = null;
  /** How far the server's clock is ahead of this one, in milliseconds. */
  clockOffset = 0;
  /** How often the list of my scheduled messages has changed; the list is loaded later. */
  scheduledRev = 0;

  constructor({
    boot,
    onSignedOut = () => {},
    page = new Page(),
    socket = new Socket(),
    door = new FileDoor({ headers: { "X-CSRFToken": boot.csrf } }),
    database = new Database({ user: boot.user.id }),
    storage = availableStorage(),
    locks = globalThis.navigator?.locks,
    channel = openChannel(boot.user.id),
    random = Math.random,
  }) {
    super();
    this.me = boot.user;
    this.server = boot.server;
    this.#socket = socket;
    this.#onSignedOut = onSignedOut;
    const user = boot.user.id;
    const me = () => user;
    const request = async (name, payload) => this.called.answered(await socket.command(name, payload));
    const isOpen = () => this.#welcomed && socket.connected;
    const tell = (name, payload) => socket.tell(name, payload);
    /** For what is loaded later. */
    this.request = request;

    this.connection = new Connection(socket, page, { random });
    this.updates = new Updates(boot.build);
    this.people = new People(request);
    this.choices = new Choices(request);
    this.sections = new Sections(request);
    this.called = new Worded();
    own.bind(request);
    this.presence = new Presence(me);
    this.typing = new Typing(tell);
    this.drafts = new Drafts({ storage, user, page });
    this.outbox = new Outbox({
      database, user, isOpen, locks, channel, random,
      send: (payload, options, name) => socket.command(name, payload, options),
      onMessage: (message) => this.#acknowledged(message),
    });
    this.uploads = new UploadQueue({ send: (blob, name, options) => door.send(blob, name, options), isOpen, random });
    this.attachments = new Attachments({ queue: this.uploads, drafts: this.drafts, takeBack: (id) => door.takeBack(id), limits: () => this.limits });
    this.attachments.on("ready", ({ room, message }) => this.#sendHeld(room, message));
    this.rooms = new Rooms({
      me, mostUnread: () => this.limits.unread, request, people: this.people, typing: this.typing, drafts: this.drafts, sections: this.sections,
      mark: (message) => this.called.mark(message),
      onGap: (room) => this.#sync.ask(room, { urgent: room === this.current }),
      onUnsure: (room) => this.#sync.verify(room),
      onArrival: (room, message) => this.#arrived(room, message),
      onMessages: (messages) => this.#shown(messages),
    });
    this.#visits = new Visits({ rooms: this.rooms, isWelcomed: () => this.#welcomed });
    this.roomActions = new RoomActions(request, this.rooms, (room) => this.removed(room, "left"));
    this.reads = new Reads({ page, request, isOpen, rooms: this.rooms, current: () => this.current });
    this.announcement = new Announcement({ storage, user });
    this.search = new Search({ request, storage, user });
    this.finder = new RoomFinder({ rooms: this.rooms, storage, user });
    this.jump = new Jump({
      request, user, rooms: this.rooms, finder: this.finder, people: this.people,
      mayTalk: () => this.me.role !== "guest", isReady: () => this.phase !== "starting",
    });
    this.inbox = new Inbox({ request, rooms: this.rooms, reads: this.reads, me });
    this.saved = new Saved(request);
    this.sanctions = new Sanctions(request, () => Date.now() + this.clockOffset);
    this.actions = new MessageActions({ request, me, rooms: this.rooms });
    this.#sync = new Sync(request, {
      random,
      synced: (room, messages, last) => room.synced(messages, last),
      reset: (room, last) => this.#reset(room, last),
    });
    this.#cache = new Cache({ database, page, snapshot: () => keep(this, this.#visits.recent) });
    this.#facts = new Facts(this, { sync: this.#sync, welcomed: (welcome) => this.#welcome(welcome) });

    this.people.put(boot.user);
    for (const part of [this.choices, this.#visits]) part.on("change", () => this.emit("change"));
    this.#visits.on("enter", (room) => this.finder.visited(room.id));
    this.#visits.on("leave", (room) => this.#left(room));
    this.people.on("put", (users) => this.#learned(users));
    this.connection.on("lost", () => this.#lost());
    this.connection.on("refused", ({ code }) => this.#refused(code));
    for (const [part, event] of [[this.rooms, "counts"], [this.saved, "change"]]) part.on(event, () => this.#cache.touch());
    socket.on("fact", ({ name, payload }) => this.#facts.heard(name, payload));
  }

  /** Connect, and show meanwhile what was kept from the last visit. Call once. */
  async start() {
    this.connection.start();
    const [kept] = await Promise.all([this.#cache.load(), this.outbox.load()]);
    if (kept && this.phase === "starting") this.#restore(kept);
    this.#looked = true;
    this.#giveUp();
  }

  /** @type {import("./room.js").Room | null} the one that is open */
  get current() {
    return this.#visits.current;
  }

  /** The id of a room that was asked for and that I am not in. */
  get wanted() {
    return this.#visits.wanted;
  }

  /** Make a room the current one. Before the rooms are known this is remembered. */
  open(id) {
    this.#visits.open(id);
  }

  close() {
    this.#visits.close();
  }

  /**
   * Send something. It is shown at once; the outbox sees to the rest.
   *
   * @param {import("./room.js").Room | number} room
   * @returns {string} the message's cid
   */
  send(room, text, { replyTo = null, files = [], note = false } = {}) {
    const id = typeof room === "number" ? room : room.id;
    const createdAt = new Date(Date.now() + this.clockOffset).toISOString();
    return this.outbox.add({ room: id, text, replyTo, files, note, createdAt });
  }

  /**
   * Send what was being written in a room, with what is attached to it: as soon as all of that is there.
   *
   * @returns {string | null} the message's cid; null while it waits
   */
  say(room, text, { replyTo = null } = {}) {
    const id = typeof room === "number" ? room : room.id;
    if (this.drafts.note(id)) return this.#sayNote(id, text);
    this.typing.sent(id);
    if (this.attachments.busy(id)) {
      this.attachments.hold(id, { text, replyTo });
      return null;
    }
    const cid = this.send(id, text, { replyTo, files: this.attachments.take(id) });
    this.drafts.clear(id);
    return cid;
  }

  /** What agents say among themselves has words alone: nothing may be left behind that would go to the visitor with the next message. */
  #sayNote(id, text) {
    if (!text.trim() || this.attachments.list(id).length) return null;
    const cid = this.send(id, text, { note: true });
    this.drafts.clear(id);
    return cid;
  }

  /** I am no longer in this room. */
  removed(id, reason) {
    const room = this.rooms.remove(id);
    if (!room) return;
    this.outbox.forget(id);
    this.attachments.forget(id);
    this.inbox.left(id);
    this.#cache.touch();
    this.#visits.left(room);
    this.emit("removed", { room, reason });
    this.emit("change");
  }

  heardScheduled(rev, fact) {
    this.scheduledRev = fact ? Math.max(this.scheduledRev, rev) : rev;
    this.emit("scheduled", fact);
  }

  /** The session is over; nothing of it stays behind in this browser but what was not sent. */
  async ended(reason) {
    if (this.phase === "ended" && this.connection.state === "ended") return;
    this.phase = "ended";
    this.connection.end(reason);
    this.emit("change");
    this.search.forget();
    this.uploads.end();
    this.finder.forget();
    await forgetShells();
    await this.#cache.clear();
    this.#onSignedOut(reason);
  }

  #left(room) {
    this.typing.stop(room.id);
    this.reads.flush();
  }

  #welcome({ epoch, time, user, users, rooms, limits, features, quiet_hours: quietHours = null, density, sections = [], words, emoji, saved, scheduled = 0, sanctions = [], announcement = null, build }) {
    // Somebody else has signed in since in this browser; this page's person is not to speak in that name.
    if (user.id !== this.me.id) return this.ended("unauthenticated");
    if (this.epoch !== null && this.epoch !== epoch) this.#forgetAll();
    this.epoch = epoch;
    this.clockOffset = Date.parse(time) - Date.now();
    this.me = user;
    this.limits = limits;
    this.features = features;
    own.welcomed(emoji);
    this.people.put(...users, user);
    this.sections.heard(sections);
    const { behind, gone } = this.rooms.replace(rooms);
    this.#welcomed = true;
    this.phase = "ready";
    for (const room of gone) this.#lostRoom(room);
    for (const room of behind) this.#sync.ask(room, { urgent: room === this.current });
    this.people.retry();
    this.inbox.reload();
    this.saved.welcomed(saved);
    this.sanctions.welcomed(sanctions);
    this.heardScheduled(scheduled, null);
    this.announcement.heard(announcement);
    this.jump.look();
    this.#visits.reopen();
    this.outbox.wake();
    this.uploads.wake();
    this.reads.flush();
    this.#cache.touch();
    this.updates.told(build);
    // Everybody hears of it all.
    this.choices.heard({ quietHours, density, words });
    this.emit("welcomed");
  }

  /** The server's history was replaced, or the cache is damaged: nothing in it can be trusted. */
  #forgetAll() {
    this.#cache.drop();
    this.saved.takeUp();
    this.#visits.forget();
    this.rooms.replace([]);
  }

  #lostRoom(room) {
    this.#cache.touch();
    if (this.#visits.lost(room)) this.emit("removed", { room, reason: "removed" });
  }

  /** What was seen last, to be shown until `welcome` comes. */
  #restore(kept) {
    let recent;
    try {
      recent = takeUp(this, kept);
    } catch {
      // Damaged: as if there had been nothing.
      this.#forgetAll();
      return;
    }
    this.phase = "ready";
    this.#visits.restore(recent);
    this.emit("change");
  }

  #shown(messages) {
    this.outbox.seen(messages.filter((message) => message.author.id === this.me.id));
    this.inbox.heard(messages);
    this.#cache.touch();
    this.emit("messages", messages);
  }

  /** Everything that a message waited for is there, unless that was taken away, and nothing is left to be said. */
  #sendHeld(room, { text, replyTo }) {
    if (!text.trim() && !this.attachments.list(room).length) return;
    this.say(room, text, { replyTo });
    this.emit("said", { room });
  }

  #reset(room, { head, counts }) {
    room.reset(head, counts);
    this.inbox.reload();
    this.saved.missed();
    if (room === this.current) room.timeline?.loadNewest();
    else room.closeTimeline();
  }

  #acknowledged(message) {
    const room = this.rooms.get(message.room);
    room?.offerMessage(message.rev, message);
    // A repeated send may find a message that was applied long ago and is not loaded now.
    if (!room || room.rev >= message.rev) this.outbox.seen([message]);
  }

  #arrived(room, message) {
    this.typing.heard({ room: room.id, user: message.author.id, on: false });
    if (message.author.id === this.me.id) return;
    const watched = this.reads.watching(room.id);
    if (watched) this.reads.markRead(room.id);
    else if (room === this.current && (room.newAfter === null || room.newAfter < room.lastRead)) room.newAfter = room.lastRead;
    const mention = room.personal || calls(message, this.me.id);
    this.emit("arrival", { room, message, mention, watched });
  }

  #learned(users) {
    this.presence.learned(users);
    const mine = users.find((user) => user.id === this.me.id);
    if (!mine) return;
    this.me = mine;
    this.emit("change");
  }

  #lost() {
    this.#welcomed = false;
    this.#facts.lost();
    this.#sync.clear();
    this.outbox.lost();
    this.typing.clear();
    this.emit("change");
  }

  #refused(code) {
    if (code === "unauthenticated") return this.ended(code);
    if (code === "protocol") this.updates.refused();
    this.#giveUp();
    this.emit("change");
  }

  /** Refused for good, and nothing is kept that could be shown instead. */
  #giveUp() {
    const refused = this.connection.state === "refused" && this.connection.nextTryAt === null;
    if (!this.#looked || this.phase !== "starting" || !refused) return;
    this.phase = "ended";
    this.emit("change");
  }
}

function openChannel(user) {
  return typeof BroadcastChannel === "function" ? new BroadcastChannel(`hubbub-${user}`) : null;
}
