/** Where words stand in a text, by the rules of `chat/words/matching.py`. */

const SPACELESS =
  "\\u1100-\\u11ff\\u2e80-\\u2fdf\\u3005-\\u3007\\u3031-\\u3035\\u303b\\u303c\\u3041-\\u309f\\u30a1-\\u30fa\\u30fc-\\u30ff\\u3131-\\u318e\\u31f0-\\u31ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\ua960-\\ua97c\\uac00-\\ud7fb\\uf900-\\ufaff\\uff66-\\uff9f\\uffa0-\\uffdc\\u{1b000}-\\u{1b16f}\\u{20000}-\\u{323af}";
const PIECE = new RegExp(`[${SPACELESS}]|(?:(?![${SPACELESS}])[\\p{L}\\p{N}_\\u0300-\\u036f])+|[^\\p{L}\\p{N}_\\s]`, "gu");
const ACCENTS = /[\u0300-\u036f]+/g;

/** A text without case, width and accents. */
const bare = (text) => text.normalize("NFKC").toLowerCase().replaceAll("ß", "ss").normalize("NFKD").replace(ACCENTS, "").normalize("NFKC");

function piecesOf(text) {
  return [...text.matchAll(PIECE)].map((found) => ({ piece: bare(found[0]), start: found.index, end: found.index + found[0].length }));
}

/**
 * @param {string[]} words
 * @returns {(text: string) => {start: number, end: number}[]} finds them in a text, the longest at each place, from its beginning on
 */
export function finder(words) {
  const rows = words.map((word) => piecesOf(word).map(({ piece }) => piece)).filter((row) => row.length).sort((a, b) => b.length - a.length);
  return (text) => {
    const pieces = piecesOf(text);
    const found = [];
    for (let at = 0; at < pieces.length; at += 1) {
      const row = rows.find((one) => one.every((piece, place) => pieces[at + place]?.piece === piece));
      if (!row) continue;
      found.push({ start: pieces[at].start, end: pieces[at + row.length - 1].end });
      at += row.length - 1;
    }
    return found;
  };
}
