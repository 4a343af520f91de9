/** Moving in a menu by keyboard, as the ARIA Authoring Practices describe it: round and round, and to its ends. */

const STEPS = { ArrowDown: 1, ArrowUp: -1 };
const ACROSS = { ...STEPS, ArrowRight: 1, ArrowLeft: -1 };

/**
 * The item that a keydown asks for, or undefined where the key means something else.
 *
 * @param {HTMLElement[]} items
 * @param {{across?: boolean}} [how] `across` where items lie side by side too
 */
export function menuItemFor(event, items, { across = false } = {}) {
  const steps = across ? ACROSS : STEPS;
  if (event.key === "Home") return items[0];
  if (event.key === "End") return items.at(-1);
  if (!(event.key in steps)) return undefined;
  return items[(items.indexOf(document.activeElement) + steps[event.key] + items.length) % items.length];
}
