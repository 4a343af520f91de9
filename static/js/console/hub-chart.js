import { html } from "lit";
import uPlot from "uplot";

import { HubElement } from "../elements/shared/element.js";
import { language } from "../lib/i18n.js";

const HEIGHT = 132;
/** Seconds that a chart shows at least, also of a server that has just begun. */
const LEAST_SPAN = 600;
/** Of what there is no half. */
const WHOLE_STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000];
/** All charts show the value of one moment: the one under the pointer. */
const TOGETHER = uPlot.sync("console");
const dark = matchMedia("(prefers-color-scheme: dark)");

/**
 * The last hour of one or two figures. `data` is as `Figures.plot` gives it, `labels` name the lines, `format` writes a value, and of `whole` ones there is no half.
 */
export class HubChart extends HubElement {
  static properties = {
    label: { attribute: false },
    labels: { attribute: false },
    value: { attribute: false },
    data: { attribute: false },
    format: { attribute: false },
    whole: { attribute: false },
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
    const times = new Intl.DateTimeFormat(language(), { hour: "2-digit", minute: "2-digit" });
    const strokes = [colour("--accent"), colour("--text-faint")];
    this.#chart = new uPlot({
      width: this.#place.clientWidth,
      height: HEIGHT,
      padding: [8, 6, 0, 0],
      legend: { show: false },
      cursor: { sync: { key: TOGETHER.key }, drag: { x: false, y: false }, y: false, points: { size: 6 } },
      scales: { x: { range: (_chart, from, to) => [Math.min(from, to - LEAST_SPAN), to] }, y: { range: (_chart, _low, high) => [0, Math.max(1, (high ?? 0) * 1.15)] } },
      series: [{}, ...this.labels.map((label, index) => ({
        label, stroke: strokes[index], width: index ? 1 : 1.75, points: { show: false },
        ...(index ? {} : { fill: colour("--accent-wash") }),
      }))],
      axes: [
        { ...axis, size: 26, space: 80, values: (_chart, moments) => moments.map((moment) => times.format(moment * 1000)) },
        { ...axis, size: 54, space: 32, ...(this.whole ? { incrs: WHOLE_STEPS } : {}), values: (_chart, values) => values.map((value) => this.format(value)) },
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
