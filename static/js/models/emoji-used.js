/** Which emoji I use, and in which skin tone: kept in this browser. */

const STORED = "hubbub.emoji";
const COMMON = ["👍", "❤️", "😂", "🎉", "👀", "🙏"];
const KEPT = 40;
/** What is not used fades, so that new habits come through. */
const FADES = 0.96;

/** My most used ones, filled up with common ones. */
export function usedEmoji(count = COMMON.length, storage = globalThis.localStorage) {
  const { scores } = stored(storage);
  const mine = Object.keys(scores).sort((a, b) => scores[b] - scores[a]);
  return [...new Set([...mine, ...COMMON])].slice(0, count);
}

/** Those that I used last, the last one first. */
export function recentEmoji(count, storage = globalThis.localStorage) {
  return stored(storage).recent.slice(0, count);
}

export function emojiUsed(emoji, storage = globalThis.localStorage) {
  const { scores, recent, tone } = stored(storage);
  for (const other of Object.keys(scores)) scores[other] *= FADES;
  scores[emoji] = (scores[emoji] ?? 0) + 1;
  const most = Object.entries(scores).sort((a, b) => b[1] - a[1]).slice(0, KEPT);
  const last = [emoji, ...recent.filter((other) => other !== emoji)].slice(0, KEPT);
  keep(storage, { scores: Object.fromEntries(most), recent: last, tone });
}

/** My skin tone: 0 for none, 1 to 5 from the lightest. */
export function skinTone(storage = globalThis.localStorage) {
  return stored(storage).tone;
}

export function setSkinTone(tone, storage = globalThis.localStorage) {
  keep(storage, { ...stored(storage), tone });
}

function stored(storage) {
  try {
    const { scores = {}, recent = [], tone = 0 } = JSON.parse(storage.getItem(STORED)) ?? {};
    return { scores: { ...scores }, recent: [...recent], tone: Number(tone) || 0 };
  } catch {
    return { scores: {}, recent: [], tone: 0 };
  }
}

function keep(storage, value) {
  try {
    storage.setItem(STORED, JSON.stringify(value));
  } catch {
    // Refused: the next page begins with the common ones.
  }
}
