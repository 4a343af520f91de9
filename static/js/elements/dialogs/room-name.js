/** Spaces become hyphens and a leading # goes while one types. */
export const cleanName = (text) => text.replace(/^[#\s]+/, "").replace(/\s+/g, "-").replace(/-{2,}/g, "-");

/** Keeps a field for a room's name clean; for its "input" and "compositionend". */
export function keepClean(event) {
  // An input method owns its text until it is done.
  if (event.isComposing) return;
  const field = event.target;
  const clean = cleanName(field.value);
  if (clean === field.value) return;
  const place = field.selectionStart - (field.value.length - clean.length);
  field.value = clean;
  field.setSelectionRange(place, place);
}
