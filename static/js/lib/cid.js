/**
 * A new client id for a message, unique without asking anyone: a UUID of version 7 (RFC 9562), 48 bits of milliseconds
 * and 74 of chance. It begins with the time because the server's index of them then grows at one end.
 * `crypto.randomUUID` makes none of these, and does not exist on plain http pages.
 */
export function newCid(now = Date.now(), source = globalThis.crypto) {
  const bytes = source.getRandomValues(new Uint8Array(16));
  for (let at = 5, rest = now; at >= 0; at -= 1, rest = Math.floor(rest / 256)) bytes[at] = rest % 256;
  bytes[6] = (bytes[6] % 16) + 0x70;
  bytes[8] = (bytes[8] % 64) + 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
