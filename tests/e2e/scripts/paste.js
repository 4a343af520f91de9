(field, data) => {
  const clipboardData = new DataTransfer();
  for (const [type, text] of Object.entries(data)) clipboardData.setData(type, text);
  const event = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
  // What the page leaves alone, the browser pastes as plain text.
  return field.dispatchEvent(event) ? "left" : "taken";
}
