import { fenceAt } from "../lib/line-break.js";
import { mayBegin } from "../lib/names.js";

/** What may stand behind each sign, and how much of it there must be before anything is offered. */
const SIGNS = {
  "@": { kind: "people", least: 0 },
  "#": { kind: "rooms", least: 0 },
  ":": { kind: "emoji", least: 2 },
};
const MOST = 40;
const QUERY = /[\p{L}\p{N}\p{M}_.+-]/u;

/**
 * What is being typed at the caret and may be completed, or null.
 *
 * @returns {{kind: "people" | "rooms" | "emoji" | "commands" | "answers", query: string, from: number, to: number} | null}
 *   `from` is the place of the sign; with `answers`, what is typed behind a `/` may be the name of a canned one
 */
export function tokenAt(text, caret, { answers = false } = {}) {
  const answer = answers && /^\/([^\s/]*)$/.exec(text.slice(0, caret));
  if (answer) return { kind: "answers", query: answer[1], from: 0, to: caret };
  const command = /^\/([a-z]*)$/i.exec(text.slice(0, caret));
  if (command) return { kind: "commands", query: command[1], from: 0, to: caret };
  const from = signBefore(text, caret);
  if (from < 0) return null;
  const { kind, least } = SIGNS[text[from]];
  const query = text.slice(from + 1, caret);
  if ([...query].length < least || text[from - 1] === ":" || !mayBegin(text, from)) return null;
  return inCode(text, from) ? null : { kind, query, from, to: caret };
}

function signBefore(text, caret) {
  for (let place = caret - 1; place >= 0 && caret - place <= MOST; place -= 1) {
    if (text[place] in SIGNS) return place;
    // Half of a character that takes two places is looked at with its other half.
    const point = /[\uDC00-\uDFFF]/.test(text[place]) ? text.slice(place - 1, place + 1) : text[place];
    if (!QUERY.test(point) && !/[\uD800-\uDBFF]/.test(point)) return -1;
  }
  return -1;
}

function inCode(text, place) {
  const line = text.slice(text.lastIndexOf("\n", place - 1) + 1, place);
  return line.split("`").length % 2 === 0 || fenceAt(text, place) !== null;
}
