import { roomLabel } from "./words.js";

let shown = "";

/** The tab's title and the app's badge: how many messages call for me, or a dot for what is merely unread. */
export function showTitle(client) {
  const { mentions, unread } = client.rooms;
  const mark = mentions ? `(${mentions}) ` : unread.length ? "• " : "";
  const place = client.current ? `${roomLabel(client.current)} · ` : "";
  document.title = `${mark}${place}${client.server}`;
  showDot(mentions ? "mention" : unread.length ? "unread" : "");
  if (mentions) navigator.setAppBadge?.(mentions)?.catch(() => {});
  else navigator.clearAppBadge?.()?.catch(() => {});
}

/** The tab's icon, with a dot where something waits. */
function showDot(kind) {
  if (kind === shown) return;
  shown = kind;
  const link = document.querySelector('link[rel="icon"]');
  if (link) link.href = link.dataset[kind || "plain"] ?? link.href;
}
