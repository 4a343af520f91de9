/**
 * A form that asks once before it does what can't be taken back.
 * @param {HTMLFormElement} form with the question in `data-ask` and the way out in `data-cancel`
 */
export function ask(form) {
  const button = form.querySelector("button");
  form.addEventListener("submit", (event) => {
    if (form.dataset.sure) return;
    event.preventDefault();
    open(form.dataset.ask, button.textContent.trim(), form.dataset.cancel, () => {
      form.dataset.sure = "yes";
      form.requestSubmit(button);
    });
  });
}

function open(question, yes, no, onYes) {
  const dialog = document.createElement("dialog");
  dialog.className = "ask";
  dialog.setAttribute("aria-labelledby", "ask-question");
  const words = Object.assign(document.createElement("p"), { id: "ask-question", textContent: question });
  const cancel = Object.assign(document.createElement("button"), { className: "button quiet", textContent: no, autofocus: true });
  const go = Object.assign(document.createElement("button"), { className: "button danger", textContent: yes });
  const row = document.createElement("div");
  row.append(cancel, go);
  dialog.append(words, row);
  cancel.addEventListener("click", () => dialog.close());
  go.addEventListener("click", () => {
    dialog.close();
    onYes();
  });
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  // The browser gives the focus back to the button when this closes.
  dialog.showModal();
}
