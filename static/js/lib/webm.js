/**
 * How long a recording is. Browsers write a WebM file while they record, when nobody knows that yet, and no player then shows it.
 */

const INFO = [0x15, 0x49, 0xa9, 0x66];
const DURATION = [0x44, 0x89];
/** The size of the number that is put in, as the format writes it, and the number. */
const DURATION_BYTES = 3 + 8;
/** As far as the head of a file may go. */
const HEAD = 4096;

/**
 * @param {Blob} blob a recording
 * @param {number} milliseconds how long it is
 * @returns {Promise<Blob>} the same with its length, where it is a WebM file that has none
 */
export async function withDuration(blob, milliseconds) {
  if (!/webm/.test(blob.type)) return blob;
  const head = new Uint8Array(await blob.slice(0, HEAD).arrayBuffer());
  const at = indexOf(head, INFO);
  if (at < 0) return blob;
  const size = numberAt(head, at + INFO.length);
  if (!size || indexOf(head.subarray(size.end, size.end + size.value), DURATION) >= 0) return blob;
  const longer = numberOf(size.value + DURATION_BYTES, size.end - at - INFO.length);
  if (!longer) return blob;
  // In units of a millisecond, which is what browsers write by.
  const duration = new DataView(new ArrayBuffer(DURATION_BYTES));
  [...DURATION, 0x88].forEach((byte, place) => duration.setUint8(place, byte));
  duration.setFloat64(3, milliseconds);
  return new Blob([head.slice(0, at + INFO.length), longer, duration.buffer, blob.slice(size.end)], { type: blob.type });
}

function indexOf(bytes, wanted) {
  return bytes.findIndex((_, at) => wanted.every((byte, place) => bytes[at + place] === byte));
}

/** A number of varying length, which its first byte tells. */
function numberAt(bytes, at) {
  const length = Math.clz32(bytes[at]) - 23;
  if (!(length >= 1 && length <= 4)) return null;
  let value = bytes[at] & (0xff >> length);
  for (let place = 1; place < length; place += 1) value = value * 256 + bytes[at + place];
  return { value, end: at + length };
}

/** The same number in so many bytes; null where it is too large for them. */
function numberOf(value, length) {
  if (value >= 2 ** (7 * length) - 1) return null;
  const bytes = new Uint8Array(length);
  for (let place = length - 1, rest = value; place >= 0; place -= 1, rest = Math.floor(rest / 256)) bytes[place] = rest % 256;
  bytes[0] |= 0x80 >> (length - 1);
  return bytes;
}
