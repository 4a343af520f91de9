/** The page's keyboard shortcuts: which key asks for what. The message list has its own (J, K, arrows). */

const MAC = /Mac|iP(hone|ad)/.test(navigator.platform);

/** The name of the Ctrl or Command key here. */
export const COMMAND = MAC ? "⌘" : "Ctrl";
export const OPTION = MAC ? "⌥" : "Alt";

const isEditable = (element) => element?.closest?.("input, textarea, select, [contenteditable]") != null;

/**
 * The action that a keydown asks for, or null: {name: "jump" | "search" | "inbox" | "shortcuts" | "room" | "escape" | "readAll" | "write", step?,
 * unread?}.
 * "write" is a letter typed where nothing takes it.
 */
export function actionOf(event) {
  if (event.isComposing || event.keyCode === 229) return null;
  const command = MAC ? event.metaKey : event.ctrlKey;
  if (command && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") return { name: "jump" };
  if (command && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "f") return { name: "search" };
  if (command && !event.altKey && event.shiftKey && event.key.toLowerCase() === "m") return { name: "inbox" };
  if (command && event.key === "/") return { name: "shortcuts" };
  if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
    return { name: "room", step: event.key === "ArrowUp" ? -1 : 1, unread: event.shiftKey };
  }
  if (event.key === "Escape") return { name: event.shiftKey ? "readAll" : "escape" };
  if (event.ctrlKey || event.metaKey || event.altKey || isEditable(event.target)) return null;
  if (event.key === "?") return { name: "shortcuts" };
  if (event.key.length === 1 && event.key !== " " && event.target === document.body) return { name: "write" };
  return null;
}
