/**
 * A new client id for a message, unique without asking anyone. `crypto.randomUUID` does not exist on plain http pages, but
 * `getRandomValues` does.
 */
export function newCid(source = globalThis.crypto) {
  if (typeof source.randomUUID === "function") return source.randomUUID();
  const bytes = source.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
