import { t } from "../lib/i18n.js";
import { working } from "./worker.js";

const TAG = "hubbub-room-";

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
  const between = room.kind === "direct" && room.users?.length === 2;
  const who = between ? last.author.name : alone ? `${last.author.name} · ${label(room)}` : label(room);
  const lines = messages.map((message) => (alone ? excerpt(message) : `${message.author.name}: ${excerpt(message)}`));
  return {
    title: count > 1 ? t("notify.several", { who, count }) : who,
    options: {
      body: lines.join("\n"),
      tag: `${TAG}${room.id}`,
      renotify: true,
      // The sound is ours, and a choice of its own.
      silent: true,
      icon: picture(last.author),
      badge: "/icons/badge.png",
      timestamp: Date.parse(last.created_at),
      lang: document.documentElement.lang,
      data: { user, room: room.id, seq: last.seq, message: last.id, direct: room.kind === "direct", called },
      actions: [
        { action: "reply", title: t("notify.reply"), type: "text", placeholder: t("notify.placeholder") },
        { action: "read", title: t("notify.read") },
      ],
    },
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
    if (shown.tag.startsWith(TAG) && isOver(shown.data ?? {})) shown.close();
  }
}
