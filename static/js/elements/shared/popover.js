const GAP = 6;
const EDGE = 8;

/**
 * Put an open popover beside `anchor`, wholly within the page, as `besideOf` has it. On narrow screens the style sheets make a sheet at the bottom of it, and this does nothing.
 *
 * @param {HTMLElement} popover
 * @param {HTMLElement | DOMRect} anchor
 * @param {{align?: Align}} [options]
 */
export function placeBeside(popover, anchor, { align = "start" } = {}) {
  if (isSheet()) return clear(popover);
  const at = anchor instanceof Element ? anchor.getBoundingClientRect() : anchor;
  const rightward = getComputedStyle(document.documentElement).direction !== "rtl";
  const { left, top } = besideOf(at, popover.getBoundingClientRect(), { width: innerWidth, height: innerHeight, rightward }, align);
  popover.style.left = `${left}px`;
  popover.style.top = `${top}px`;
}

/**
 * Where something of a size comes to lie at `at`: below it where there is room, else above, its inner edge at the `align`
 * edge; or with "aside" at its side, the one to which the page's language runs if there is room, else the other.
 *
 * @typedef {"start" | "end" | "aside"} Align
 * @param {{left: number, right: number, top: number, bottom: number}} at
 * @param {{width: number, height: number}} size
 * @param {{width: number, height: number, rightward: boolean}} page `rightward`: the way the page's language runs
 * @param {Align} align
 * @returns {{left: number, top: number}}
 */
export function besideOf(at, { width, height }, page, align) {
  const inPage = (left, top) => ({ left: clamp(left, page.width - EDGE - width), top: clamp(top, page.height - EDGE - height) });
  if (align === "aside") {
    const sides = [at.right + GAP, at.left - GAP - width];
    if (!page.rightward) sides.reverse();
    const left = sides.find((side) => side >= EDGE && side + width <= page.width - EDGE);
    if (left !== undefined) return inPage(left, at.top);
  }
  const left = (align !== "end") === page.rightward ? at.left : at.right - width;
  const below = at.bottom + GAP;
  return inPage(left, below + height <= page.height - EDGE ? below : at.top - GAP - height);
}

/** Where in the page something that pops up beside `anchor` belongs: in the same landmark, or in the dialog that has the page. */
export const holderOf = (anchor) => anchor.closest("dialog[open]") ?? anchor.closest("nav, [role=main], [role=complementary]") ?? document.body;

/** Whether what pops up is a sheet at the bottom. */
export const isSheet = () => matchMedia("(width < 640px)").matches;

const clamp = (value, most) => Math.max(EDGE, Math.min(value, most));

function clear(popover) {
  popover.style.left = "";
  popover.style.top = "";
}
