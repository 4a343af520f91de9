/** Changes to a text field that the browser can take back, as it can what was typed. */

/** @returns {import("../../lib/line-break.js").Selected} */
export const selectedIn = (field) => ({ text: field.value, start: field.selectionStart, end: field.selectionEnd });

/**
 * Carry out an edit as if it had been typed: the field tells `input`, and Ctrl+Z takes it back in one step.
 *
 * @param {HTMLTextAreaElement} field
 * @param {import("../../lib/line-break.js").Edit} edit
 */
export function change(field, { from, to, insert, start, end }) {
  const wanted = field.value.slice(0, from) + insert + field.value.slice(to);
  field.focus({ preventScroll: true });
  field.setSelectionRange(from, to);
  if (from !== to || insert) {
    // Deprecated, and the only way into the browser's own undo history.
    const done = document.execCommand(insert ? "insertText" : "delete", false, insert);
    if (!done || field.value !== wanted) {
      field.value = wanted;
      field.dispatchEvent(new InputEvent("input", { bubbles: true, inputType: "insertReplacementText" }));
    }
  }
  field.setSelectionRange(start, end);
}

/** Put a text in place of what is selected. */
export function insert(field, text) {
  const { start, end } = selectedIn(field);
  change(field, { from: start, to: end, insert: text, start: start + text.length, end: start + text.length });
}
