const REST = 1200;
const timers = new WeakMap();

/** Gives a list that somebody scrolls the class `moving`, until a moment after the last call. */
export function stir(list) {
  clearTimeout(timers.get(list));
  list.classList.add("moving");
  timers.set(list, setTimeout(() => list.classList.remove("moving"), REST));
}
