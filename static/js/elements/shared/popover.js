const GAP = 6;
const EDGE = 8;

/**
 * Put an open popover beside `anchor`, wholly within the page: below it where there is room, else above; its inner edge at
 * the anchor's `align` edge. On narrow screens the style sheets make a sheet at the bottom of it, and this does nothing.
 *
 * @param {HTMLElement} popover
 * @param {HTMLElement | DOMRect} anchor
 * @param {{align?: "start" | "end"}} [options]
 */
export function placeBeside(popover, anchor, { align = "start" } = {}) {
  if (isSheet()) return clear(popover);
  const at = anchor instanceof Element ? anchor.getBoundingClientRect() : anchor;
  const { width, height } = popover.getBoundingClientRect();
  const rightward = (align === "start") === (getComputedStyle(document.documentElement).direction !== "rtl");
  const left = rightward ? at.left : at.right - width;
  const below = at.bottom + GAP;
  const top = below + height <= innerHeight - EDGE ? below : at.top - GAP - height;
  popover.style.left = `${clamp(left, innerWidth - EDGE - width)}px`;
  popover.style.top = `${clamp(top, innerHeight - EDGE - height)}px`;
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
