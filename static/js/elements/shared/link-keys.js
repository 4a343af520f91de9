/**
 * Moving through a list of links by keyboard: the one that a keydown asks for, or undefined.
 *
 * @param {KeyboardEvent} event
 * @param {HTMLElement[]} links
 * @param {HTMLElement} [above] what is reached going up from the first
 */
export function linkFor(event, links, above) {
  const at = links.findIndex((link) => link === event.target || link.parentElement.contains(event.target));
  const targets = { ArrowDown: links[at + 1], ArrowUp: links[at - 1] ?? above, Home: links[0], End: links.at(-1) };
  return targets[event.key];
}
