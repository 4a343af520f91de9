// Scrolls the open room from its end to its beginning in steps. At every step it takes the first text in view and looks at
// each frame until what the step has asked for is drawn: how far has it moved by itself, how many rows are there?
async () => {
  const list = document.querySelector(".messages");
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  const rows = () => [...document.querySelectorAll("hub-message")];
  const top = (row) => row.querySelector(".body").getBoundingClientRect().top - list.getBoundingClientRect().top;
  const timeline = () => document.querySelector("hub-app").client.current.timeline;

  const found = { moved: 0, rows: 0, loads: 0, seqs: [] };
  const seqs = new Set();
  let first = rows()[0].message.seq;
  while (!(document.querySelector("hub-beginning") && list.scrollTop === 0)) {
    list.scrollTop -= list.clientHeight * 0.8;
    const row = rows().find((one) => top(one) >= 0);
    const seq = row.message.seq;
    const before = top(row);
    // Two frames without anything on its way: whatever the step has set off is drawn.
    for (let calm = 0; calm < 2; calm = timeline().loading ? 0 : calm + 1) {
      await frame();
      const now = rows().find((one) => one.message.seq === seq);
      found.moved = Math.max(found.moved, now ? Math.abs(top(now) - before) : Infinity);
      found.rows = Math.max(found.rows, rows().length);
    }
    for (const one of rows()) seqs.add(one.message.seq);
    if (rows()[0].message.seq < first) found.loads += 1;
    first = rows()[0].message.seq;
  }
  found.seqs = [...seqs].sort((a, b) => a - b);
  return found;
}
