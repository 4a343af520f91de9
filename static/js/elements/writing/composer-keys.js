/** What the keys of the field for writing ask for. */

const MAC = /Mac|iP(hone|ad)/.test(navigator.platform);

/** The key of each format, with Ctrl or Command, and with Shift where it says so; digits by their place on the keyboard. */
export const FORMAT_KEYS = {
  bold: { key: "b" },
  italic: { key: "i" },
  strike: { key: "x", shift: true },
  code: { key: "e" },
  block: { key: "e", shift: true },
  link: { key: "k", shift: true },
  numbers: { key: "7", shift: true },
  bullets: { key: "8", shift: true },
  quote: { key: "9", shift: true },
};

/** While an input method composes, keys are its own; Safari says so by 229 alone. */
export const isComposing = (event) => event.isComposing || event.keyCode === 229;

/** The format that a keydown asks for, or null. */
export function formatOf(event) {
  if (!(MAC ? event.metaKey : event.ctrlKey) || event.altKey) return null;
  const pressed = /^Digit\d$/.test(event.code) ? event.code.at(-1) : event.key.toLowerCase();
  return Object.keys(FORMAT_KEYS).find((name) => FORMAT_KEYS[name].key === pressed && Boolean(FORMAT_KEYS[name].shift) === event.shiftKey) ?? null;
}

/**
 * What Enter asks for: to send, to break the line and no more, or to break it as the place in the text wants it.
 *
 * @param {{enterSends: boolean, touch: boolean}} habits on touch screens there is no other key to break a line
 * @returns {"send" | "plain" | "break"}
 */
export function enterOf(event, { enterSends, touch }) {
  if (event.ctrlKey || event.metaKey) return "send";
  if (event.altKey) return "plain";
  if (touch) return "break";
  if (event.shiftKey) return enterSends ? "plain" : "send";
  return enterSends ? "send" : "break";
}
