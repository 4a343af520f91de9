/**
 * The full time in the reader's own time zone, where the server could only write UTC.
 * @param {Iterable<HTMLTimeElement>} elements
 */
export function localTimes(elements) {
  const format = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "long", timeStyle: "short" });
  for (const element of elements) element.title = format.format(new Date(element.dateTime));
}
