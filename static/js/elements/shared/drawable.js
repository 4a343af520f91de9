/**
 * Which emoji this device can draw. Newer ones than its fonts know show as empty boxes, or as several signs in a row. One
 * emoji of each version is tried, as fonts take up a version as a whole.
 */

const SAMPLES = { 12: "🦩", 13: "🫀", 13.1: "😮‍💨", 14: "🫠", 15: "🫨", 15.1: "🐦‍🔥", 16: "🫩", 17: "🫪" };
const known = new Map();

export function drawable({ version }) {
  const sample = SAMPLES[version];
  if (!sample) return true;
  if (!known.has(version)) known.set(version, draws(sample));
  return known.get(version);
}

function draws(emoji) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 24;
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  if (!pen) return true;
  pen.font = '16px "Apple Color Emoji", "Segoe UI Emoji", "Noto Color Emoji", sans-serif';
  pen.textBaseline = "top";
  if (pen.measureText(emoji).width > pen.measureText("😀").width * 1.4) return false;
  // What has colours of its own is the same in any ink; an empty box is not.
  const [one, other] = ["#000", "#f00"].map((ink) => {
    pen.clearRect(0, 0, 24, 24);
    pen.fillStyle = ink;
    pen.fillText(emoji, 0, 0);
    return pen.getImageData(0, 0, 24, 24).data;
  });
  return one.some(Boolean) && one.every((value, index) => value === other[index]);
}
