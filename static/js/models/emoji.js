import { language } from "../lib/i18n.js";
import { own } from "./own-emoji.js";

export { emojiUsed, recentEmoji, setSkinTone, skinTone, usedEmoji } from "./emoji-used.js";

/**
 * All emoji with their names and search words, in the page's language; read when they are first asked for. In Chinese the
 * English words are searched too, because shortcodes are English.
 *
 * @typedef {object} Emoji
 * @property {string} emoji
 * @property {string} name
 * @property {string} shortcode
 * @property {number} group
 * @property {number} version the version of Unicode's emoji that brought it
 * @property {string[]} tones the emoji in the five skin tones, the lightest first; empty where it has none
 * @property {string[]} words what it is found by, in lower case
 */

const FOLDERS = { en: ["en"], "zh-Hans": ["zh", "en"] };
const DATA = new URL("../../vendor/emoji-picker-element-data/", import.meta.url);
/** Parts of other emoji, no emoji of their own. */
const COMPONENTS = 2;

const loaded = new Map();

/** @returns {Promise<Emoji[]>} in Unicode's order; rejects when they can't be had */
export function loadEmoji(read = readJson) {
  const name = language();
  if (!loaded.has(name)) {
    const reading = Promise.all((FOLDERS[name] ?? FOLDERS.en).map((folder) => read(folder))).then(combine);
    loaded.set(name, reading);
    reading.catch(() => loaded.delete(name));
  }
  return loaded.get(name);
}

/** @returns {Promise<Emoji[]>} those with the words of the query, best first */
export async function findEmoji(query, limit = 8, read = readJson) {
  const [list] = await Promise.all([loadEmoji(read), own.need()]);
  return search([...own.list, ...list], query).slice(0, limit);
}

/** Those that have a word beginning with each word of the query: whole names and words first. */
export function search(list, query) {
  const asked = query.toLowerCase().replace(/:/g, " ").split(/[\s_]+/).filter(Boolean);
  if (!asked.length) return [];
  const ranked = [];
  for (const one of list) {
    const rank = rankOf(one, asked);
    if (rank !== null) ranked.push({ one, rank });
  }
  // Sorting is stable, so equals stay in Unicode's order.
  return ranked.sort((a, b) => a.rank - b.rank).map(({ one }) => one);
}

/** The emoji in a skin tone, where it has any. */
export const toned = (one, tone) => one.tones[tone - 1] ?? one.emoji;

async function readJson(folder) {
  const answer = await fetch(new URL(`${folder}/emojibase/data.json`, DATA));
  if (!answer.ok) throw new Error(`emoji: ${answer.status}`);
  return answer.json();
}

function combine([own, ...others]) {
  const more = others.map((list) => new Map(list.map((one) => [one.emoji, one])));
  return own.filter(({ group }) => group !== undefined && group !== COMPONENTS).sort((a, b) => a.order - b.order).map((raw) => {
    const all = [raw, ...more.map((known) => known.get(raw.emoji)).filter(Boolean)];
    const shortcodes = all.flatMap((one) => one.shortcodes ?? []);
    const words = all.flatMap((one) => [one.annotation, ...(one.tags ?? [])]).concat(shortcodes, raw.emoticon ?? []).flat();
    return {
      emoji: qualified(raw.emoji), name: raw.annotation, shortcode: shortcodes[0] ?? "", group: raw.group, version: raw.version,
      tones: tonesOf(raw.skins ?? []), words: [...new Set(words.map((word) => word.toLowerCase()))],
    };
  });
}

/** As Unicode recommends to write it, and as the server keeps it: a selector only where the sign would else be a letter's neighbour. */
const qualified = (emoji) => emoji.replace(/^(\p{Emoji_Presentation})\uFE0F$/u, "$1");

/** Of people with two tones, the ones in which both are alike. */
function tonesOf(skins) {
  const tones = [];
  for (const { tone, emoji } of skins) {
    const [first, second = first] = [tone].flat();
    if (first === second) tones[first - 1] ??= emoji;
  }
  return tones;
}

function rankOf({ words, shortcode }, asked) {
  const whole = asked.join("_");
  if (shortcode === whole || words[0] === asked.join(" ")) return 0;
  if (words.includes(whole)) return 1;
  let rank = 2;
  for (const part of asked) {
    // Chinese is written without spaces, so a word may begin anywhere.
    const begins = words.some((word) => word.split(/[\s_]+/).some((piece) => piece.startsWith(part)));
    if (!begins && !(isHan(part) && words.some((word) => word.includes(part)))) return null;
    if (!begins) rank = 4;
    else if (!shortcode.startsWith(part) && !words[0].startsWith(part)) rank = Math.max(rank, 3);
  }
  return rank;
}

const isHan = (text) => /\p{Script=Han}/u.test(text);
