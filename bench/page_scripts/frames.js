/** The long frames of so many milliseconds, as JSON: {duration, script, render}, in milliseconds, and what ran in them. */
async (time) => {
  const found = [];
  const observer = new PerformanceObserver((entries) => {
    for (const entry of entries.getEntries()) {
      const script = entry.scripts.reduce((sum, one) => sum + one.duration, 0);
      const render = entry.renderStart ? entry.startTime + entry.duration - entry.styleAndLayoutStart : 0;
      const from = entry.scripts.map((one) => `${one.invoker} ${Math.round(one.duration)} (layout ${Math.round(one.forcedStyleAndLayoutDuration)})`);
      found.push({ duration: entry.duration, script, render, from });
    }
  });
  observer.observe({ type: "long-animation-frame" });
  await new Promise((over) => setTimeout(over, time));
  observer.disconnect();
  return JSON.stringify(found);
};
