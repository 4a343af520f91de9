// Notes from now on, in `lostOptions`, what a field names as its picked option although it is not there.
(field) => {
  globalThis.lostOptions = [];
  const look = () => {
    const id = field.getAttribute("aria-activedescendant");
    if (id && !document.getElementById(id)) globalThis.lostOptions.push(id);
  };
  new MutationObserver(look).observe(field.form, { subtree: true, childList: true, attributes: true });
}
