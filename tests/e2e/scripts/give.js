(target, { how, name, type, text }) => {
  // Files from elsewhere, as a drag or the clipboard brings them.
  const data = new DataTransfer();
  data.items.add(new File([text], name, { type }));
  const options = { bubbles: true, cancelable: true };
  if (how === "paste") target.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, ...options }));
  else for (const step of how === "drop" ? ["dragenter", "drop"] : ["dragenter"]) target.dispatchEvent(new DragEvent(step, { dataTransfer: data, ...options }));
};
