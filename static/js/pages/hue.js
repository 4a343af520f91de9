/**
 * Show the accent colour while it is chosen.
 * @param {HTMLInputElement} field a hue in degrees
 */
export function hue(field) {
  field.addEventListener("input", () => document.documentElement.style.setProperty("--hue", field.value));
}
