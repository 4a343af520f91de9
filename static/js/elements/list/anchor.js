/**
 * Keeps what the reader looks at where it is while rows come and go above and below it. Rows are the elements with
 * `data-key` in the scrolling element, in the order of the page.
 */

/**
 * Remember the visible rows and where they end. Call before the change.
 *
 * A row's lower edge is held, as a row can grow at its top: the first one of a day carries the day, and gives it up to
 * an older one that comes before it.
 */
export function holdPlace(scroller) {
  const rows = [...scroller.querySelectorAll("[data-key]")];
  const top = scroller.getBoundingClientRect().top;
  const bottom = top + scroller.clientHeight;
  const held = [];
  for (let index = firstBelow(rows, top); index < rows.length; index += 1) {
    const place = rows[index].getBoundingClientRect();
    if (place.top > bottom) break;
    held.push([rows[index].dataset.key, place.bottom - top]);
  }
  return held;
}

/** Scroll so that the first remembered row which is still there ends where it ended. Call after the change. */
export function restorePlace(scroller, held) {
  if (!held.length) return;
  const rows = new Map([...scroller.querySelectorAll("[data-key]")].map((row) => [row.dataset.key, row]));
  const found = held.find(([key]) => rows.has(key));
  if (!found) return;
  const [key, offset] = found;
  const moved = rows.get(key).getBoundingClientRect().bottom - scroller.getBoundingClientRect().top - offset;
  if (Math.abs(moved) >= 0.5) scroller.scrollTop += moved;
}

/** The index of the first row whose lower edge lies below `top`. */
function firstBelow(rows, top) {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows[middle].getBoundingClientRect().bottom <= top) low = middle + 1;
    else high = middle;
  }
  return low;
}
