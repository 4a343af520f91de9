/**
 * A button that copies a text and says so.
 * @param {HTMLElement} button with the text in `data-copy` and the answer in `data-done`; the text is also in the field beside it
 */
export function copy(button) {
  const label = button.querySelector("span");
  const field = button.parentElement.querySelector("input");
  const before = label.textContent;
  let timer = 0;
  field.addEventListener("focus", () => field.select());
  button.hidden = false;
  button.addEventListener("click", async () => {
    if (!(await written(button.dataset.copy, field))) return;
    label.textContent = button.dataset.done;
    clearTimeout(timer);
    timer = setTimeout(() => (label.textContent = before), 2000);
  });
}

/** Without HTTPS there is no `navigator.clipboard`, but a selected text can be copied all the same. */
async function written(text, field) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    field.focus();
    field.select();
    return document.execCommand("copy");
  }
}
