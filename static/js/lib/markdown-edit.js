/** Formatting what is selected in a text that is Markdown. Each function answers with an `Edit`, see line-break.js. */

import { fenceAt, itemOf, lineAt } from "./line-break.js";

/** @typedef {import("./line-break.js").Edit} Edit */
/** @typedef {import("./line-break.js").Selected} Selected */

const MARKS = { bold: "**", italic: "*", strike: "~~", spoiler: "||" };
const ADDRESS = /^(?:https?:\/\/|mailto:)\S+$/i;
const LINK = /\[([^\]\n]*)\]\(([^()\s]*)\)/g;
const QUOTED = /^ {0,3}> ?/;

/** The formats by name; each takes a `Selected`. */
export const FORMATS = {
  bold: (selected) => inline(selected, MARKS.bold),
  italic: (selected) => inline(selected, MARKS.italic),
  strike: (selected) => inline(selected, MARKS.strike),
  spoiler: (selected) => inline(selected, MARKS.spoiler),
  code,
  link,
  quote,
  bullets: (selected) => list(selected, "bullets"),
  numbers: (selected) => list(selected, "numbers"),
  tasks: (selected) => list(selected, "tasks"),
  block,
};

/** @param {string} address put under what is selected, as a link */
export function linkTo({ text, start, end }, address) {
  const label = text.slice(start, end);
  const insert = `[${label}](${address})`;
  return { from: start, to: end, insert, start: start + insert.length, end: start + insert.length };
}

export const isAddress = (text) => ADDRESS.test(text.trim()) && !/[()]/.test(text);

/** Put marks around what is selected, on each of its lines, or take them away where they are around all of it. */
function inline(selected, mark) {
  const { text, start, end } = selected;
  if (start === end) return atCaret(selected, mark);
  const around = outside(text, start, end, mark);
  if (around) return around;
  const pieces = piecesOf(text, start, end);
  if (!pieces.length) return atCaret({ text, start: end, end }, mark);
  const off = pieces.every(({ from, to }) => isWrapped(text.slice(from, to), mark));
  const n = mark.length;
  const insert = rewritten(text, pieces, (piece) => {
    if (off) return piece.slice(n, -n);
    return isWrapped(piece, mark) ? piece : `${mark}${piece}${mark}`;
  });
  const from = pieces[0].from;
  const to = pieces.at(-1).to;
  // One piece keeps its words selected, so that the next format goes around the same ones.
  const inner = pieces.length === 1 && !off ? n : 0;
  return { from, to, insert, start: from + inner, end: from + insert.length - inner };
}

/** Nothing is selected: an empty pair to write in, taken away again, or left by its end. */
function atCaret({ text, start }, mark) {
  const n = mark.length;
  const before = runBefore(text, start, mark[0]);
  const after = runAfter(text, start, mark[0]);
  if (holds(before, mark) && holds(after, mark) && before === after) {
    return { from: start - n, to: start + n, insert: "", start: start - n, end: start - n };
  }
  const { from, line } = lineAt(text, start);
  const opened = line.slice(0, start - from).includes(mark);
  if (opened && !before && holds(after, mark)) return { from: start, to: start, insert: "", start: start + n, end: start + n };
  return { from: start, to: start, insert: mark + mark, start: start + n, end: start + n };
}

/** The marks stand right around what is selected: take them away. */
function outside(text, start, end, mark) {
  const n = mark.length;
  const before = runBefore(text, start, mark[0]);
  const after = runAfter(text, end, mark[0]);
  if (!holds(before, mark) || !holds(after, mark) || text.slice(start, end).includes("\n")) return null;
  return { from: start - n, to: end + n, insert: text.slice(start, end), start: start - n, end: end - n };
}

/** What is selected, line by line, without the blanks around it and without the beginnings of lists and quotes. */
function piecesOf(text, start, end) {
  const pieces = [];
  let place = start;
  for (const line of text.slice(start, end).split("\n")) {
    const whole = lineAt(text, place);
    const head = whole.from + headOf(whole.line);
    let from = Math.max(place, Math.min(head, place + line.length));
    let to = place + line.length;
    while (from < to && /\s/.test(text[from])) from += 1;
    while (to > from && /\s/.test(text[to - 1])) to -= 1;
    if (from < to) pieces.push({ from, to });
    place += line.length + 1;
  }
  return pieces;
}

function rewritten(text, pieces, change) {
  let result = "";
  let place = pieces[0].from;
  for (const { from, to } of pieces) {
    result += text.slice(place, from) + change(text.slice(from, to));
    place = to;
  }
  return result;
}

const headOf = (line) => itemOf(line)?.length ?? QUOTED.exec(line)?.[0].length ?? 0;

const runAfter = (text, place, sign) => {
  let count = 0;
  while (text[place + count] === sign) count += 1;
  return count;
};

const runBefore = (text, place, sign) => {
  let count = 0;
  while (place - count > 0 && text[place - count - 1] === sign) count += 1;
  return count;
};

/** Whether a run of signs has this mark in it: of three asterisks, two are bold and one is italic. */
const holds = (run, mark) => (mark === MARKS.italic ? run % 2 === 1 : run >= mark.length);

function isWrapped(piece, mark) {
  if (piece.length <= 2 * mark.length) return false;
  return holds(runAfter(piece, 0, mark[0]), mark) && holds(runBefore(piece, piece.length, mark[0]), mark);
}

/** Backticks around what is selected, more of them than are in it; around several lines, a block. */
function code(selected) {
  const { text, start, end } = selected;
  const words = text.slice(start, end);
  if (words.includes("\n")) return block(selected);
  if (start === end) return atCaret(selected, "`");
  const before = runBefore(text, start, "`");
  if (before > 0 && before === runAfter(text, end, "`")) {
    return { from: start - before, to: end + before, insert: words, start: start - before, end: end - before };
  }
  const inside = /^(`+)(?!`)([\s\S]*[^`])\1$/.exec(words);
  if (inside && !inside[2].includes(inside[1])) {
    return { from: start, to: end, insert: inside[2], start, end: start + inside[2].length };
  }
  const longest = Math.max(0, ...(words.match(/`+/g) ?? []).map((run) => run.length));
  const mark = "`".repeat(longest + 1);
  const gap = longest ? " " : "";
  const insert = `${mark}${gap}${words}${gap}${mark}`;
  const n = mark.length + gap.length;
  return { from: start, to: end, insert, start: start + n, end: start + n + words.length };
}

/** Make a link of what is selected, or take away the one that the selection lies in. */
function link(selected) {
  const { text, start, end } = selected;
  const line = lineAt(text, start);
  for (const found of line.line.matchAll(LINK)) {
    const from = line.from + found.index;
    const to = from + found[0].length;
    if (start < from || end > to || (start === end && (start === from || start === to))) continue;
    // A link that is still to be filled in: go to where something is missing.
    const missing = found[1] ? to - 1 : from + 1;
    if (!found[1] || !found[2]) return { from: missing, to: missing, insert: "", start: missing, end: missing };
    return { from, to, insert: found[1], start: from, end: from + found[1].length };
  }
  const words = text.slice(start, end);
  if (isAddress(words)) return { from: start, to: end, insert: `[](${words.trim()})`, start: start + 1, end: start + 1 };
  const insert = `[${words}]()`;
  const caret = words ? start + insert.length - 1 : start + 1;
  return { from: start, to: end, insert, start: caret, end: caret };
}

function quote(selected) {
  return lines(selected, {
    has: (line) => QUOTED.test(line),
    off: (line) => line.replace(QUOTED, ""),
    on: (line) => `> ${line}`,
    blanks: true,
  });
}

const KINDS = {
  bullets: (item) => item.number === null && !item.task,
  numbers: (item) => item.number !== null,
  tasks: (item) => item.task,
};

function list(selected, kind) {
  const bare = (line) => line.slice(itemOf(line)?.length ?? 0);
  const heads = { bullets: () => "- ", numbers: (index) => `${index + 1}. `, tasks: () => "- [ ] " };
  return lines(selected, {
    has: (line) => Boolean(itemOf(line)) && KINDS[kind](itemOf(line)),
    off: bare,
    on: (line, index) => (itemOf(line)?.indent ?? "") + heads[kind](index) + bare(line),
    blanks: false,
  });
}

/** Change the beginnings of all lines that are touched. Empty lines between others are left alone but for `blanks`. */
function lines({ text, start, end }, { has, off, on, blanks }) {
  const from = lineAt(text, start).from;
  // A line of which nothing but its beginning is touched is not meant.
  const last = end > start && text[end - 1] === "\n" ? end - 1 : end;
  const to = lineAt(text, last).to;
  const before = text.slice(from, to).split("\n");
  const full = before.filter((line) => line.trim());
  const undo = full.length > 0 && full.every(has);
  let index = 0;
  const after = before.map((line) => {
    if (!line.trim() && !blanks && before.length > 1) return line;
    if (undo) return off(line);
    return on(line, index++);
  });
  const insert = after.join("\n");
  if (start !== end) return { from, to, insert, start: from, end: from + insert.length };
  const caret = Math.max(from, start + insert.length - (to - from));
  return { from, to, insert, start: caret, end: caret };
}

/** A fence around the selected lines, or none any more. */
function block({ text, start, end }) {
  const fence = fenceAt(text, start);
  if (fence) return unfenced(text, fence, start);
  const words = text.slice(start, end);
  const whole = /^(`{3,})[^\n]*\n([\s\S]*)\n\1[ \t]*$/.exec(words);
  if (whole) return { from: start, to: end, insert: whole[2], start, end: start + whole[2].length };
  const longest = Math.max(2, ...(words.match(/`+/g) ?? []).map((run) => run.length));
  const marks = "`".repeat(longest + 1);
  const lead = start > 0 && text[start - 1] !== "\n" ? "\n" : "";
  const tail = end < text.length && text[end] !== "\n" ? "\n" : "";
  const inner = words.replace(/^\n|\n$/g, "");
  const insert = `${lead}${marks}\n${inner}\n${marks}${tail}`;
  const at = start + lead.length + marks.length + 1;
  return { from: start, to: end, insert, start: at, end: at + inner.length };
}

/** Take away the fence, and leave the caret at what it stood before. */
function unfenced(text, { from, inner, end, to }, place) {
  const insert = text.slice(inner, end);
  const caret = from + Math.min(Math.max(0, place - inner), insert.length);
  return { from, to, insert, start: caret, end: caret };
}
