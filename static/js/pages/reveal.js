/**
 * A button that shows and hides what is typed into a password field.
 * @param {HTMLElement} button with the field's id in `data-reveal`
 */
export function reveal(button) {
  const field = /** @type {HTMLInputElement} */ (document.getElementById(button.dataset.reveal));
  const show = (on) => {
    field.type = on ? "text" : "password";
    button.setAttribute("aria-pressed", String(on));
  };
  button.hidden = false;
  button.addEventListener("click", () => {
    show(field.type === "password");
    field.focus();
  });
  // Password managers and the browser's history must see a password.
  field.form.addEventListener("submit", () => show(false));
}
