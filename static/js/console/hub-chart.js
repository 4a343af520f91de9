import { html } from "lit";
import uPlot from "uplot";

import { HubElement } from "../elements/shared/element.js";
import { timeFormat } from "../lib/time.js";

const HEIGHT = 132;
/** Seconds that a chart shows at least, also of a server that has just begun. */
const LEAST_SPAN = 600;
/** All charts show the value of one moment: the one under the pointer. */
const TOGETHER = uPlot.sync("console");
const dark = matchMedia("(prefers-color-scheme: dark)");

/** Where the chart begins and ends. Asked for one moment alone, uPlot would show a day. */
function span({ data: [times] }) {
  const end = times.at(-1) ?? Date.now() / 1000;
  return [Math.min(times[0] ?? end, end - LEAST_SPAN), end];
}

/**
 * The last hour of one or two figures. `data` is as `Figures.plot` gives it, `labels` name the lines, `format` writes a value,
 * and `steps` may lie between two lines of the scale.
 */
export class HubChart extends HubElement {
  static properties = {
    label: { attribute: false },
    labels: { attribute: false },
    value: { attribute: false },
    data: { attribute: false },
    format: { attribute: false },
    steps: { attribute: false },
    pointed: { state: true },
  };

  #chart = null;
  #resized = new ResizeObserver(() => this.#chart?.setSize({ width: this.#place.clientWidth, height: HEIGHT }));
  #recolour = () => {
    this.#end();
    this.requestUpdate();
  };

  constructor() {
    super();
    this.pointed = null;
  }

  connectedCallback() {
    super.connectedCallback();
    dark.addEventListener("change", this.#recolour);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    dark.removeEventListener("change", this.#recolour);
    this.#resized.disconnect();
    this.#end();
  }

  render() {
    const shown = this.pointed ?? this.value;
    return html`<figure class="chart">
      <figcaption><span>${this.label}</span><b>${shown}</b></figcaption>
      <div class="chart-place" aria-hidden="true"></div>
    </figure>`;
  }

  updated(changed) {
    if (!this.#chart) this.#begin();
    else if (changed.has("data")) this.#chart.setData(this.data);
  }

  get #place() {
    return this.querySelector(".chart-place");
  }

  #begin() {
    const style = getComputedStyle(this);
    // A canvas takes colours as they are computed, not as the style sheets put them together.
    const ink = this.querySelector(".chart-place");
    const colour = (name) => {
      ink.style.color = `var(${name})`;
      return getComputedStyle(ink).color;
    };
    const grid = { stroke: colour("--border"), width: 1 };
    const axis = { stroke: colour("--text-faint"), grid, ticks: { show: false }, font: `11px ${style.fontFamily}` };
    const times = timeFormat({ hour: "2-digit", minute: "2-digit" });
    const strokes = [colour("--accent"), colour("--text-faint")];
    this.#chart = new uPlot({
      width: this.#place.clientWidth,
      height: HEIGHT,
      // Half of a time stands on the right of its line.
      padding: [8, 24, 0, 0],
      legend: { show: false },
      cursor: { sync: { key: TOGETHER.key }, drag: { x: false, y: false }, y: false, points: { size: 6 } },
      scales: { x: { range: span }, y: { range: (_chart, _low, high) => [0, Math.max(1, (high ?? 0) * 1.15)] } },
      series: [{}, ...this.labels.map((label, index) => ({
        label, stroke: strokes[index], width: index ? 1 : 1.75, points: { show: false },
        ...(index ? {} : { fill: colour("--accent-wash") }),
      }))],
      axes: [
        { ...axis, size: 26, space: 80, values: (_chart, moments) => moments.map((moment) => times.format(moment * 1000)) },
        { ...axis, size: 54, space: 32, ...(this.steps ? { incrs: this.steps } : {}), values: (_chart, values) => values.map((value) => this.format(value)) },
      ],
      hooks: { setCursor: [(chart) => this.#point(chart.cursor.idx)] },
    }, this.data, this.#place);
    this.#resized.observe(this.#place);
  }

  #point(index) {
    const values = index === null || index === undefined ? [] : this.labels.map((_, at) => this.data[at + 1][index]);
    const known = values.filter((value) => value !== null && value !== undefined);
    this.pointed = known.length ? known.map((value) => this.format(value)).join(" · ") : null;
  }

  #end() {
    this.#chart?.destroy();
    this.#chart = null;
  }
}

customElements.define("hub-chart", HubChart);
