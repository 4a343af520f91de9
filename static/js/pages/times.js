/**
 * The full time in the reader's own time zone, where the server could only write UTC: on pointing at it, or in its place where it says so.
 * @param {Iterable<HTMLTimeElement>} elements
 */
export function localTimes(elements) {
  const format = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "long", timeStyle: "short" });
  for (const element of elements) {
    element.title = format.format(new Date(element.dateTime));
    if ("local" in element.dataset) element.textContent = element.title;
  }
}
