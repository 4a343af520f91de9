import { t } from "../lib/i18n.js";
import { working } from "./worker.js";

const TAG = "hubbub-room-";
const REMINDER = "hubbub-reminder-";
const VISITOR = "hubbub-visitor-";

/**
 * A notification's words and buttons. The worker makes the same for what is pushed, so that one of a room takes the place of
 * another (`tag`).
 *
 * @param {{room: object, messages: object[], count: number, called: boolean}} note
 * @param {{user: number, label: (room: object) => string, excerpt: (message: object) => string, picture: (author: object) => string}} around
 */
export function compose({ room, messages, count, called }, { user, label, excerpt, picture }) {
  const last = messages.at(-1);
  const alone = new Set(messages.map((message) => message.author.id)).size === 1;
  const who = isBetween(room) || alone ? whoseIn(room, last, label) : label(room);
  const lines = messages.map((message) => (alone ? excerpt(message) : `${message.author.name}: ${excerpt(message)}`));
  // What is answered to a note from here would be a message, which its visitor reads.
  const note = last.kind === "note";
  const reply = { action: "reply", title: t("notify.reply"), type: "text", placeholder: t("notify.placeholder") };
  const read = { action: "read", title: t("notify.read") };
  return {
    title: count > 1 ? t("notify.several", { who, count }) : who,
    options: {
      ...about(last, room, { user, picture }, { called, ...(note && { note }) }),
      body: lines.join("\n"),
      tag: `${TAG}${room.id}`,
      actions: note ? [read] : [reply, read],
    },
  };
}

/** The same of a message that I wanted to be reminded of. @param {{room: object, message: object}} note */
export function composeReminder({ room, message }, { user, label, excerpt, picture }) {
  return {
    title: t("notify.reminder", { who: whoseIn(room, message, label) }),
    options: { ...about(message, room, { user, picture }, { called: true, reminder: true }), body: excerpt(message), tag: `${REMINDER}${message.id}` },
  };
}

/** The same of a visitor who waits for anybody. @param {{conversation: object}} note */
export function composeVisitor({ conversation }, { user }) {
  const { room, visitor, last, waiting_since: since } = conversation;
  const data = { user, room, seq: 0, called: true, visitor: true };
  return { title: t("notify.visitor", { who: visitor.name }), options: { ...OURS, icon: "/icons/icon-192.png", ...spoken(since), data, body: last, tag: `${VISITOR}${room}` } };
}

const isBetween = (room) => room.kind === "direct" && room.users?.length === 2;

const whoseIn = (room, { author }, label) => (isBetween(room) ? author.name : `${author.name} · ${label(room)}`);

/** The sound is ours, and a choice of its own. */
const OURS = { renotify: true, silent: true, badge: "/icons/badge.png" };

const spoken = (time) => ({ timestamp: Date.parse(time), lang: document.documentElement.lang });

function about(message, room, { user, picture }, more) {
  return {
    ...OURS,
    ...spoken(message.created_at),
    icon: picture(message.author),
    data: { user, room: room.id, seq: message.seq, message: message.id, direct: room.kind === "direct", ...more },
  };
}

/** Show it by the worker, which then takes the answer; without one by the page, where a click is all there is. */
export async function show({ title, options }, { open }) {
  const registration = await working();
  if (registration) return registration.showNotification(title, options);
  const { actions: _none, ...plain } = options;
  const shown = new Notification(title, plain);
  shown.onclick = () => {
    window.focus();
    shown.close();
    open(options.data);
  };
  return undefined;
}

/** Take away what is shown and over. @param {(data: object) => boolean} isOver */
export async function withdraw(isOver) {
  const registration = await working();
  for (const shown of (await registration?.getNotifications()) ?? []) {
    if ([TAG, REMINDER, VISITOR].some((tag) => shown.tag.startsWith(tag)) && isOver(shown.data ?? {})) shown.close();
  }
}
