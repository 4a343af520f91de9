/**
 * What a line break does where it falls in Markdown: it goes on with a list, and in a fenced block it keeps the indentation.
 *
 * An edit is {from, to, insert, start, end}: put `insert` in place of what stands between `from` and `to`, then select from
 * `start` to `end`.
 *
 * @typedef {{from: number, to: number, insert: string, start: number, end: number}} Edit
 * @typedef {{text: string, start: number, end: number}} Selected a text and what is selected in it
 */

const FENCE = /^ {0,3}(?:(`{3,})[^`]*|(~{3,}).*)$/;
const ITEM = /^([ \t]*)([-*+]|(\d{1,9})([.)]))( \[[ xX]\])?[ \t]+/;

/**
 * The fenced block in which a place of the text lies, from behind the opening marks to before the closing ones, or null.
 *
 * @returns {{from: number, inner: number, end: number, to: number} | null} where the block begins, its first line inside
 *   begins, its last line inside ends, and the block ends
 */
export function fenceAt(text, place) {
  let open = null;
  for (let from = 0; from <= text.length; ) {
    const { to, line } = lineAt(text, from);
    const match = FENCE.exec(line);
    const mark = match?.[1] ?? match?.[2];
    if (open && mark?.startsWith(open.mark) && line.trim() === mark) {
      if (place >= open.marked && place < from) return { from: open.from, inner: open.inner, end: Math.max(open.inner, from - 1), to };
      open = null;
    } else if (!open && mark) {
      if (from > place) return null;
      open = { mark, from, marked: from + line.indexOf(mark) + mark.length, inner: Math.min(to + 1, text.length) };
    }
    from = to + 1;
  }
  return open && place >= open.marked ? { from: open.from, inner: open.inner, end: text.length, to: text.length } : null;
}

/** @returns {{indent: string, marker: string, task: boolean, number: number | null, length: number} | null} a list item's beginning */
export function itemOf(line) {
  const match = ITEM.exec(line);
  if (!match) return null;
  const [whole, indent, marker, number, , task] = match;
  return { indent, marker, task: Boolean(task), number: number === undefined ? null : Number(number), length: whole.length };
}

/** The line in which a place lies. */
export function lineAt(text, place) {
  const from = text.lastIndexOf("\n", place - 1) + 1;
  const next = text.indexOf("\n", place);
  const to = next < 0 ? text.length : next;
  return { from, to, line: text.slice(from, to) };
}

/**
 * What a line break does at this place beside breaking the line, or null: nothing.
 *
 * @param {Selected} selected
 * @returns {Edit | null}
 */
export function continued({ text, start, end }) {
  const { from, line } = lineAt(text, start);
  if (fenceAt(text, start)) {
    const indent = /^[ \t]*/.exec(line.slice(0, start - from))[0];
    return indent ? insertion(start, end, `\n${indent}`) : null;
  }
  const item = itemOf(line);
  if (!item || start - from < item.length) return null;
  // A second line break ends the list.
  if (start === end && line.trim().length === line.slice(0, item.length).trim().length) {
    return { from, to: from + line.length, insert: "", start: from, end: from };
  }
  const marker = item.number === null ? item.marker : `${item.number + 1}${item.marker.at(-1)}`;
  return insertion(start, end, `\n${item.indent}${marker} ${item.task ? "[ ] " : ""}`);
}

/** Whether a line break, rather than sending, is what Enter means at this place. */
export function breaksHere(selected) {
  return fenceAt(selected.text, selected.start) !== null || continued(selected) !== null;
}

const insertion = (from, to, insert) => ({ from, to, insert, start: from + insert.length, end: from + insert.length });
