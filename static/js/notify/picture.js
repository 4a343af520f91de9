const SIZE = 128;
const made = new Map();

/** A person's picture for a notification: their own, or the tile with their initial that stands beside what they say. */
export function pictureOf(author) {
  if (author.avatar?.startsWith("/")) return author.avatar;
  const key = `${author.id} ${author.name}`;
  if (!made.has(key)) made.set(key, draw(author));
  return made.get(key);
}

function draw({ id, name, username }) {
  const canvas = Object.assign(document.createElement("canvas"), { width: SIZE, height: SIZE });
  const pen = canvas.getContext("2d");
  if (!pen) return undefined;
  const hue = Math.round((id * 137.508) % 360);
  pen.fillStyle = `oklch(88% 0.06 ${hue})`;
  pen.roundRect(0, 0, SIZE, SIZE, SIZE * 0.28);
  pen.fill();
  pen.fillStyle = `oklch(33% 0.08 ${hue})`;
  pen.font = `600 ${SIZE * 0.46}px system-ui, sans-serif`;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  const [first] = new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment((name || username).trim() || "?");
  pen.fillText(first.segment.toLocaleUpperCase(), SIZE / 2, SIZE * 0.53);
  return canvas.toDataURL();
}
