/**
 * A button that copies a text and says so. Stays hidden where the browser can't copy (a page without HTTPS).
 * @param {HTMLElement} button with the text in `data-copy` and the answer in `data-done`
 */
export function copy(button) {
  if (!navigator.clipboard) return;
  const label = button.querySelector("span");
  const before = label.textContent;
  let timer = 0;
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
    } catch {
      button.parentElement.querySelector("input").select();
      return;
    }
    label.textContent = button.dataset.done;
    clearTimeout(timer);
    timer = setTimeout(() => (label.textContent = before), 2000);
  });
}
