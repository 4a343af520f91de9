import { html, svg } from "lit";

import { t } from "../../lib/i18n.js";

const WIDTH = 480;
const HEIGHT = 96;
const LEAST_SLOTS = 12;

/** The rounded value above the highest sample, so that the scale rarely jumps. */
const ceiling = (highest) => [20, 50, 100, 200, 500, 1000, 2000, 5000].find((step) => step >= highest * 1.1) ?? highest * 1.1;

/** A small plot of round trips [{at, ms}], the newest at the right. Unanswered ones leave a gap. */
export function plot(samples) {
  const known = samples.filter((sample) => sample.ms !== null).map((sample) => sample.ms);
  const top = ceiling(Math.max(1, ...known));
  const slots = Math.max(LEAST_SLOTS, samples.length);
  const x = (index) => 6 + ((slots - samples.length + index) / (slots - 1)) * (WIDTH - 12);
  const y = (ms) => HEIGHT - 6 - (ms / top) * (HEIGHT - 14);
  const runs = [];
  samples.forEach(({ ms }, index) => {
    if (ms === null) return;
    if (!index || samples[index - 1].ms === null) runs.push([]);
    runs.at(-1).push([x(index), y(ms)]);
  });
  const line = (points) => points.map(([px, py]) => `${px.toFixed(1)},${py.toFixed(1)}`).join(" ");
  const sorted = [...known].sort((a, b) => a - b);
  const median = sorted.length ? sorted[Math.floor(sorted.length / 2)] : null;
  const words = median === null ? t("connection.noSamples") : t("connection.roundTrips", { median: Math.round(median), worst: Math.round(sorted.at(-1)) });
  return html`<figure class="plot">
    <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label=${words}>
      ${[0.25, 0.5, 0.75].map((part) => svg`<line class="grid" x1="0" x2=${WIDTH} y1=${HEIGHT * part} y2=${HEIGHT * part}></line>`)}
      ${runs.map((points) => svg`<polygon class="area" points="${`${points[0][0].toFixed(1)},${HEIGHT} ${line(points)} ${points.at(-1)[0].toFixed(1)},${HEIGHT}`}"></polygon>
        <polyline class="line" points=${line(points)}></polyline>
        <polyline class="tip" points=${line([points.at(-1), points.at(-1)])}></polyline>`)}
    </svg>
    <figcaption><span>${words}</span><span>${t("connection.scale", { ms: Math.round(top) })}</span></figcaption>
  </figure>`;
}
