import { roomLabel } from "../shared/words.js";

let shown = "";
let badge = null;

/** The tab's title and the app's badge: how many messages call for me, reminders among them, or a dot for what is merely unread. */
export function showTitle(client) {
  const { unread } = client.rooms;
  const mentions = client.rooms.mentions + client.saved.due(client.rooms).length;
  const mark = mentions ? `(${mentions}) ` : unread.length ? "• " : "";
  const place = client.current ? `${roomLabel(client.current)} · ` : "";
  const title = `${mark}${place}${client.server}`;
  // It is asked for at every message; what the browser is told costs it more than looking.
  if (document.title !== title) document.title = title;
  showDot(mentions ? "mention" : unread.length ? "unread" : "");
  showBadge(mentions);
}

function showBadge(count) {
  if (count === badge) return;
  badge = count;
  if (count) navigator.setAppBadge?.(count)?.catch(() => {});
  else navigator.clearAppBadge?.()?.catch(() => {});
}

/** The tab's icon, with a dot where something waits. */
function showDot(kind) {
  if (kind === shown) return;
  shown = kind;
  const link = document.querySelector('link[rel="icon"]');
  if (link) link.href = link.dataset[kind || "plain"] ?? link.href;
}
