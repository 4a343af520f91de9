/**
 * A button that chooses this browser's time zone, where another one is chosen or none.
 * @param {HTMLButtonElement} button with the field's id in `data-zone`, and its words in `data-words`
 */
export function zone(button) {
  const field = /** @type {HTMLSelectElement} */ (document.getElementById(button.dataset.zone));
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!here) return;
  let option = [...field.options].find(({ value }) => value === here);
  const show = () => {
    button.hidden = field.value === here;
  };
  button.textContent = button.dataset.words.replace("{zone}", option?.text ?? here);
  button.addEventListener("click", () => {
    if (!option) field.add((option = new Option(here, here)));
    field.value = here;
    field.focus();
    show();
  });
  field.addEventListener("change", show);
  show();
}
