// Scrolls the open room from its end to its beginning and gathers every row on the way, as a reader sees it: [[seq, text]].
async () => {
  const list = document.querySelector(".messages");
  const seen = new Map();
  const drawn = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));

  const gather = () => {
    let last = 0;
    for (const row of document.querySelectorAll("hub-message")) {
      const { seq } = row.message ?? {};
      if (!seq) throw new Error(`still on its way: ${row.textContent}`);
      if (seq <= last) throw new Error(`${seq} stands after ${last}`);
      last = seq;
      const text = row.querySelector(".body").innerText.trim();
      if (seen.has(seq) && seen.get(seq) !== text) throw new Error(`${seq} was ${seen.get(seq)} and is ${text}`);
      seen.set(seq, text);
    }
  };

  gather();
  while (!document.querySelector("hub-beginning")) {
    list.scrollTop = 0;
    await drawn();
    gather();
  }
  return [...seen].sort(([a], [b]) => a - b);
}
