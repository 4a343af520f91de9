import { html, nothing } from "lit";

import { t } from "../lib/i18n.js";
import { watch } from "../lib/watch.js";
import "../elements/hub-toast.js";
import { HubElement } from "../elements/shared/element.js";
import "./hub-busy-rooms.js";
import "./hub-chart.js";
import "./hub-connections.js";
import { bytes, milliseconds, rate, whole } from "./numbers.js";

/** Each chart: its name in the texts, the figures that it draws, and how they are written. */
const CHARTS = [
  ["connections", ["connections", "polling"], whole],
  ["messages", ["messages"], rate],
  ["deliveries", ["deliveries"], rate],
  ["ack", ["ack", "ack_most"], milliseconds],
  ["lag", ["lag"], milliseconds],
  ["queue", ["queue"], whole],
  ["memory", ["memory"], bytes],
  ["cpu", ["cpu"], (value) => `${whole(value * 100)} %`],
  ["slow_readers", ["slow_readers"], whole],
];

/** The lines of a scale: of what there is no half, and of what is counted in powers of two. */
const STEPS = new Map([
  [whole, [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000]],
  [bytes, Array.from({ length: 24 }, (_, power) => 2 ** (20 + power))],
]);

/** The server as it is just now: what its processes do, the busiest rooms, and who is connected. */
export class HubConsole extends HubElement {
  static properties = {
    model: { attribute: false },
    process: { state: true },
  };

  #watch = watch(this);

  constructor() {
    super();
    this.process = null;
  }

  /** The element is in the page before its texts are. */
  shouldUpdate() {
    return Boolean(this.model);
  }

  willUpdate() {
    this.#watch.set(this.model);
  }

  render() {
    const { model } = this;
    const live = model.connection.connected;
    return html`<header class="console-head">
        <h1>${t("console.heading")}</h1>
        <span class="console-state" role="status"><i class="dot ${live ? "" : "away"}"></i>${this.#state(live)}</span>
        ${model.figures.processes.length > 1 ? this.#processes() : nothing}
      </header>
      ${model.lost ? html`<div class="notice danger" role="alert"><p>${t(`console.lost.${model.lost}`)}</p></div>` : nothing}
      <div class="charts">${CHARTS.map((chart) => this.#chart(chart))}</div>
      <hub-busy-rooms .request=${model.request} .live=${live}></hub-busy-rooms>
      <hub-connections .request=${model.request} .live=${live}></hub-connections>
      <hub-toast></hub-toast>`;
  }

  #state(live) {
    if (this.model.lost) return t("console.ended");
    return t(live ? "console.live" : "console.connecting");
  }

  #processes() {
    return html`<select class="input" aria-label=${t("console.process")} @change=${(event) => (this.process = event.target.value || null)}>
      <option value="">${t("console.allProcesses", { count: this.model.figures.processes.length })}</option>
      ${this.model.figures.processes.map((name) => html`<option value=${name}>${name}</option>`)}
    </select>`;
  }

  #chart([name, figures, format]) {
    const { model, process } = this;
    const now = figures.map((figure) => model.figures.now(figure, Date.now(), process));
    const value = now[0] === null ? "–" : now.map((one) => format(one ?? 0)).join(" · ");
    return html`<hub-chart .label=${t(`console.chart.${name}`)} .labels=${figures} .value=${value} .format=${format} .steps=${STEPS.get(format)}
      .data=${model.figures.plot(figures, process)}></hub-chart>`;
  }
}

customElements.define("hub-console", HubConsole);
