/** Rows in groups of a day, because a sticky day pill gives way to the next only where its group ends. */
export function byDay(rows) {
  const days = [];
  for (const row of rows) {
    if (row.type === "day" || !days.length) days.push({ key: row.key, day: row.type === "day" ? row : null, rows: [] });
    if (row.type !== "day") days.at(-1).rows.push(row);
  }
  return days;
}
