// What messages are made of, as the browser understood it: [[seq, tag, {attribute: value}]], without what the page adds.
() => {
  const ours = new Set([...document.querySelectorAll(".code, .code-head, .code-head *")]);
  const found = [];
  for (const row of document.querySelectorAll("hub-message")) {
    for (const element of row.querySelectorAll(".body *")) {
      if (ours.has(element)) continue;
      const attributes = Object.fromEntries([...element.attributes].map(({ name, value }) => [name, value]));
      found.push([row.message.seq, element.localName, attributes]);
    }
  }
  return found;
}
