import { html, nothing } from "lit";
import uPlot from "uplot";

import { errorText } from "../lib/errors.js";
import { language, t } from "../lib/i18n.js";
import { addStyles } from "../lib/later.js";
import { timeFormat } from "../lib/time.js";
import { helpOf } from "../models/help.js";
import { HubDialog } from "./shared/dialog.js";
import { lasted } from "./shared/help-words.js";

const STYLES = new URL("../../vendor/uplot/uPlot.min.css", import.meta.url);
const SPANS = [7, 30, 90];
const HEIGHT = 130;
const DAY = 86_400;
const dark = matchMedia("(prefers-color-scheme: dark)");

let dressed = null;

/** What is drawn: each with the lines it has, from a day, and how a value is written. */
const PLOTS = [
  { name: "volume", lines: [({ opened }) => opened, ({ resolved }) => resolved], write: (value) => number(value), steps: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000] },
  { name: "firstAnswer", lines: [({ answered_after: after }) => after], write: (value) => lasted(value), dots: true },
  { name: "ratings", lines: [({ rating }) => rating], write: (value) => number(value), range: [0, 5], steps: [1, 2, 5], dots: true },
];

const number = (value) => new Intl.NumberFormat(language(), { maximumFractionDigits: 1 }).format(value);

/** How many visitors came, how long they waited for a first answer, and how they rated it, by day. */
export class HubHelpFigures extends HubDialog {
  static properties = {
    client: { attribute: false },
    days: { state: true },
    figures: { state: true },
    error: { state: true },
  };

  size = "wide";
  #charts = [];
  #drawn = null;
  #recolour = () => this.figures && this.#draw();
  #resized = new ResizeObserver(() => this.#charts.forEach((chart) => chart.setSize({ width: chart.root.parentElement.clientWidth, height: HEIGHT })));

  constructor() {
    super();
    this.days = 30;
    this.figures = null;
    this.error = null;
  }

  connectedCallback() {
    super.connectedCallback();
    dark.addEventListener("change", this.#recolour);
    this.#load(this.days);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    dark.removeEventListener("change", this.#recolour);
    this.#end();
  }

  heading() {
    return t("help.figures");
  }

  content() {
    const { figures, error } = this;
    return html`<div class="content tall">
      <div class="kinds" role="group" aria-label=${t("help.span")}>${SPANS.map((days) => html`<button type="button" class="pick" aria-pressed=${this.days === days ? "true" : "false"} @click=${() => this.#load(days)}>${t("help.days", { count: days })}</button>`)}</div>
      ${error ? html`<p class="error" role="alert">${errorText(error)}</p>` : nothing}
      ${figures ? PLOTS.map((plot) => this.#plot(plot)) : error ? nothing : html`<p role="status">${t("help.loading")}</p>`}
    </div>`;
  }

  updated() {
    if (this.figures && this.figures !== this.#drawn) this.#draw();
  }

  #plot({ name }) {
    return html`<figure class="chart" data-plot=${name}>
      <figcaption><span>${t(`help.plot.${name}`)}</span><b>${this.#summary(name)}</b></figcaption>
      <div class="chart-place" aria-hidden="true"></div>
    </figure>`;
  }

  /** The whole span in words, for who does not see the plot. */
  #summary(name) {
    const sum = (of) => this.figures.reduce((total, day) => total + of(day), 0);
    if (name === "volume") return t("help.sum.volume", { opened: sum(({ opened }) => opened), resolved: sum(({ resolved }) => resolved) });
    if (name === "firstAnswer") {
      const waits = this.figures.map(({ answered_after: after }) => after).filter((after) => after !== null).sort((a, b) => a - b);
      return waits.length ? t("help.sum.firstAnswer", { time: lasted(waits[Math.floor(waits.length / 2)]) }) : t("help.sum.none");
    }
    const count = sum(({ ratings }) => ratings);
    return count ? t("help.sum.ratings", { rating: number(sum(({ rating, ratings }) => (rating ?? 0) * ratings) / count), count }) : t("help.sum.none");
  }

  async #load(days) {
    this.days = days;
    this.error = null;
    try {
      dressed ??= addStyles(STYLES.pathname);
      const [figures] = await Promise.all([helpOf(this.client).figures(days), dressed]);
      if (this.days === days) this.figures = figures;
    } catch (error) {
      dressed = null;
      this.error = error;
    }
  }

  #draw() {
    this.#end();
    this.#drawn = this.figures;
    const days = this.figures.map(({ day }) => Date.parse(`${day}T00:00:00Z`) / 1000);
    this.#charts = PLOTS.map((plot) => this.#chart(plot, days));
  }

  #chart({ name, lines, write, range, steps, dots = false }, days) {
    const place = this.querySelector(`[data-plot="${name}"] .chart-place`);
    // A canvas takes colours as they are computed, not as the style sheets put them together.
    const colour = (of) => {
      place.style.color = `var(${of})`;
      return getComputedStyle(place).color;
    };
    const grid = { stroke: colour("--border"), width: 1 };
    const axis = { stroke: colour("--text-faint"), grid, ticks: { show: false }, font: `11px ${getComputedStyle(this).fontFamily}` };
    const dates = timeFormat({ day: "numeric", month: "short", timeZone: "UTC" });
    const strokes = [colour("--accent"), colour("--text-faint")];
    const chart = new uPlot({
      width: place.clientWidth,
      height: HEIGHT,
      padding: [8, 24, 0, 0],
      legend: { show: false },
      cursor: { show: false },
      scales: { x: { range: [days[0] - DAY / 2, days.at(-1) + DAY / 2] }, y: { range: range ?? ((_chart, _low, high) => [0, Math.max(1, (high ?? 0) * 1.15)]) } },
      // A day between two without any is still to be seen.
      series: [{}, ...lines.map((_, at) => ({ stroke: strokes[at], width: at ? 1 : 1.75, points: { show: dots, size: 5, fill: strokes[at] } }))],
      axes: [
        { ...axis, size: 26, space: 70, values: (_chart, moments) => moments.map((moment) => dates.format(moment * 1000)), incrs: [1, 2, 7, 14, 30].map((count) => count * DAY) },
        { ...axis, size: 60, space: 30, ...(steps ? { incrs: steps } : {}), values: (_chart, values) => values.map(write) },
      ],
    }, [days, ...lines.map((of) => this.figures.map(of))], place);
    this.#resized.observe(place);
    return chart;
  }

  #end() {
    this.#resized.disconnect();
    for (const chart of this.#charts.splice(0)) chart.destroy();
  }
}

customElements.define("hub-help-figures", HubHelpFigures);
