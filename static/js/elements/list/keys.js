import { commandOf } from "../shared/message-commands.js";

/** Moving from message to message by keyboard, and what is done with one. */

const STEPS = { ArrowUp: -1, k: -1, ArrowDown: 1, j: 1 };

/** The row that a keydown in the list asks for, or null. From outside the rows one comes in at the lowest visible one. */
export function rowFor(event, rows, list) {
  if (!rows.length || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return null;
  const at = rows.indexOf(event.target.closest("hub-message"));
  if (event.key in STEPS) {
    return at < 0 ? lastVisible(rows, list) : rows[Math.min(rows.length - 1, Math.max(0, at + STEPS[event.key]))];
  }
  if (event.key === "Home" && at >= 0) return rows[0];
  return event.key === "End" ? rows.at(-1) : null;
}

/** A key on the focused row itself. @returns {boolean} whether it meant something */
export function onRowKey(event, row) {
  if (!row.message || event.isComposing) return false;
  const command = commandOf(event, row.about);
  const menu = event.key === "Enter" || event.key === "ContextMenu" || (event.key === "F10" && event.shiftKey);
  if (!command && !menu) return false;
  event.preventDefault();
  if (command) command.run(row.about);
  else row.openMenu("more");
  return true;
}

/** The lowest row that is wholly in view; the first where none is. */
export function lastVisible(rows, list) {
  const bottom = list.getBoundingClientRect().bottom;
  return rows.findLast((row) => row.getBoundingClientRect().bottom <= bottom + 4) ?? rows[0];
}
