/** Where a name stands behind its sign in a text, read as the server reads it (`chat/markup/names.py`). */

/** Scripts that put no space between words, so that a name may begin and end amid them. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const WORD = /[\p{L}\p{N}\p{M}_]/u;
const RUN = /[\p{L}\p{N}\p{M}_.-]+/uy;
/** Of an address, of an entity, or of a sign before: nobody is named behind them. */
const NOT_BEFORE = /[@#/&=?%+]/;

/** The whole character that ends at a place; some take two. */
const characterBefore = (text, at) => [...text.slice(Math.max(0, at - 2), at)].at(-1) ?? "";

const endsWord = (character) => WORD.test(character) && !UNSPACED.test(character);

/** Whether a sign at this place can begin a name: not amid a word, as in an e-mail address. */
export function mayBegin(text, at) {
  const before = characterBefore(text, at);
  // Emphasis, unless it belongs to a word.
  if (before === "_") return !/[\p{L}\p{N}]/u.test(characterBefore(text, at - 1));
  return !NOT_BEFORE.test(before) && !endsWord(before);
}

/** What stands behind the "@" signs of a text and may begin with a name, in lower case. */
export function runsIn(text) {
  const runs = [];
  for (let at = text.indexOf("@"); at >= 0; at = text.indexOf("@", at + 1)) {
    RUN.lastIndex = at + 1;
    const run = RUN.exec(text)?.[0];
    if (run && mayBegin(text, at)) runs.push(run.toLowerCase());
  }
  return runs;
}

/** Whether a run begins with this name, in lower case, and the name may end there. */
export function begins(run, name) {
  if (!run.startsWith(name)) return false;
  const rest = run.slice(name.length);
  return /^[._-]*$/.test(rest) || UNSPACED.test([...rest][0]) || UNSPACED.test([...name].at(-1));
}
