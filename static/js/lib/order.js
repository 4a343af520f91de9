import { language } from "./i18n.js";

const OPTIONS = { numeric: true, sensitivity: "base" };
let of = null;
let order = null;

/** Two names in the order of the page's language: Chinese ones by their sound, numbers in names by their value. */
export function byName(one, other) {
  if (of !== language()) {
    of = language();
    order = new Intl.Collator(of, OPTIONS);
  }
  return order.compare(one, other);
}
