import { language } from "../lib/i18n.js";
import { usedEmoji } from "./emoji-used.js";
import { own } from "./own-emoji.js";

export { emojiUsed, recentEmoji, setSkinTone, skinTone, usedEmoji } from "./emoji-used.js";

/**
 * All emoji with their names and search words, in the page's language; read when they are first asked for. In Chinese the
 * English words are searched too, because shortcodes are English.
 *
 * @typedef {object} Emoji
 * @property {string} emoji
 * @property {string} name
 * @property {string} shortcode the first of its `shortcodes`; where it was searched for, the one that was meant
 * @property {string[]} shortcodes
 * @property {number} group
 * @property {number} version the version of Unicode's emoji that brought it
 * @property {string[]} tones the emoji in the five skin tones, the lightest first; empty where it has none
 * @property {string[]} words what it is found by, in lower case
 */

const FOLDERS = { en: ["en"], "zh-Hans": ["zh", "en"] };
const DATA = new URL("../../vendor/emoji-picker-element-data/", import.meta.url);
/** Parts of other emoji, no emoji of their own. */
const COMPONENTS = 2;
/** There are 250 of them, and few are ever meant. */
const FLAGS = 9;
/** So many of those that I use go before others that fit as well. */
const FAMILIAR = 40;

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

/**
 * Those that have a word beginning with each word of the query. First come whole shortcodes and names, then what shortcodes
 * begin with, then other words; among equals those that I use, short names, and flags last.
 */
export function search(list, query) {
  const asked = query.toLowerCase().replace(/:/g, " ").split(/[\s_]+/).filter(Boolean);
  if (!asked.length) return [];
  const familiar = usedEmoji(FAMILIAR);
  const ranked = [];
  for (const one of list) {
    const rank = rankOf(one, asked);
    if (rank === null) continue;
    const meant = one.shortcodes.filter((code) => code.startsWith(asked.join("_"))).sort((a, b) => a.length - b.length)[0];
    const used = familiar.indexOf(one.emoji);
    const order = [rank, one.group === FLAGS, used < 0 ? FAMILIAR : used, meant?.length ?? Infinity];
    ranked.push({ one: meant ? { ...one, shortcode: meant } : one, order });
  }
  // Sorting is stable, so equals stay in Unicode's order.
  return ranked.sort(byOrder).map(({ one }) => one);
}

function byOrder(a, b) {
  const at = a.order.findIndex((value, index) => value !== b.order[index]);
  return at < 0 ? 0 : a.order[at] < b.order[at] ? -1 : 1;
}

/** @returns {Promise<string | null>} the emoji that `:name:` stands for, the server's own as `:name:`; rejects when the list can't be had */
export async function emojiNamed(name, read = readJson) {
  const code = name.slice(1, -1);
  await own.need();
  if (own.urlOf(name)) return name;
  const list = await loadEmoji(read);
  return list.find(({ shortcodes }) => shortcodes.includes(code))?.emoji ?? null;
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
      emoji: qualified(raw.emoji), name: raw.annotation, shortcode: shortcodes[0] ?? "", shortcodes, group: raw.group, version: raw.version,
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

function rankOf({ words, shortcodes }, asked) {
  const whole = asked.join("_");
  const name = asked.join(" ");
  if (shortcodes.includes(whole) || words[0] === name) return 0;
  if (shortcodes.some((code) => code.startsWith(whole))) return 1;
  if (words.includes(whole)) return 2;
  let rank = words[0].startsWith(name) ? 3 : 4;
  for (const part of asked) {
    if (words.some((word) => word.split(/[\s_]+/).some((piece) => piece.startsWith(part)))) continue;
    // Chinese is written without spaces, so a word may begin anywhere.
    if (!isHan(part) || !words.some((word) => word.includes(part))) return null;
    rank = 5;
  }
  return rank;
}

const isHan = (text) => /\p{Script=Han}/u.test(text);
