import { roomLabel } from "./words.js";

/** The tab's title and the app's badge: how many messages call for me, or a dot for what is merely unread. */
export function showTitle(client) {
  const { mentions, unread } = client.rooms;
  const mark = mentions ? `(${mentions}) ` : unread.length ? "• " : "";
  const place = client.current ? `${roomLabel(client.current)} · ` : "";
  document.title = `${mark}${place}${client.server}`;
  if (mentions) navigator.setAppBadge?.(mentions)?.catch(() => {});
  else navigator.clearAppBadge?.()?.catch(() => {});
}
