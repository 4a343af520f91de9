/** What the processes of the server do: the last hour in steps of ten seconds, of each and of all together. */

const STEP = 10_000;
const SPAN = 3_600_000;
/** A process that says nothing for so long has ended, or is cut off. */
const SILENT_AFTER = 15_000;

/** How the processes' figures become one: what is counted is added up, of what people wait for the worst counts. */
const WORST = new Set(["ack", "ack_most", "lag"]);

export class Figures {
  /** By name: `steps` of time, and the last `line`, heard at `at`. */
  #processes = new Map();

  /** The names of the processes that were heard of in the last hour. */
  get processes() {
    return [...this.#processes.keys()].sort();
  }

  /**
   * An hour that a process has kept.
   *
   * @param {{process: string, values: Record<string, number[]>}} series
   */
  load({ process, values }) {
    const { at = [], ...others } = values;
    const names = Object.keys(others);
    at.forEach((moment, index) => {
      this.#keep(process, moment, Object.fromEntries(names.map((name) => [name, others[name][index]])));
    });
  }

  /** A line that has come just now; `now` by this device's clock. */
  hear(stats, now) {
    const { process, at, ...values } = stats;
    const kept = this.#keep(process, at, values);
    kept.line = values;
    kept.at = now;
    for (const step of kept.steps.keys()) {
      if (step < at - SPAN) kept.steps.delete(step);
      else break;
    }
  }

  /**
   * The present value of a figure, of one process or of all that are heard.
   *
   * @returns {number | null} null where nobody has said it lately
   */
  now(name, now, process = null) {
    const lines = this.#of(process).filter((one) => one.line && now - one.at < SILENT_AFTER).map((one) => one.line[name]);
    return lines.length ? together(name, lines) : null;
  }

  /**
   * The last hour of some figures, as a plot wants it: seconds, and for each figure its values, null where there are none.
   *
   * @returns {(number | null)[][]}
   */
  plot(names, process = null) {
    const chosen = this.#of(process);
    const times = [...new Set(chosen.flatMap((one) => [...one.steps.keys()]))].sort((a, b) => a - b);
    const values = names.map((name) => times.map((time) => {
      const found = chosen.map((one) => one.steps.get(time)?.[name]).filter((value) => value !== undefined);
      return found.length ? together(name, found) : null;
    }));
    return [times.map((time) => time / 1000), ...values];
  }

  #of(process) {
    return process === null ? [...this.#processes.values()] : [this.#processes.get(process)].filter(Boolean);
  }

  #keep(process, at, values) {
    if (!this.#processes.has(process)) this.#processes.set(process, { steps: new Map(), line: null, at: 0 });
    const kept = this.#processes.get(process);
    const step = Math.floor(at / STEP) * STEP;
    const before = kept.steps.get(step);
    // Of several lines in one step, the worst of what people wait for, and of the others the last.
    kept.steps.set(step, before ? { ...values, ...worstOf(before, values) } : values);
    return kept;
  }
}

const together = (name, values) => (WORST.has(name) ? Math.max(...values) : values.reduce((sum, value) => sum + value, 0));

const worstOf = (before, after) => Object.fromEntries([...WORST].filter((name) => name in after).map((name) => [name, Math.max(before[name] ?? 0, after[name])]));
