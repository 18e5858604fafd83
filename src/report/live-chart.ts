import type { TopLevelSpec } from "vega-lite";
import { chartBundle } from "./chart.js";
import { display } from "./display.js";
import { insideNotebook } from "./tslab-kernel.js";

/** Options of a {@link LiveChart}. */
export interface LiveChartOptions {
  /**
   * The least time between two pictures in milliseconds.
   * @defaultValue 250
   */
  readonly interval?: number;
  /**
   * A clock in milliseconds, for tests.
   * @defaultValue `performance.now`
   */
  readonly now?: () => number;
}

/** Drawing takes at most this share of the time, however slow the machine. */
const drawingShare = 0.1;

let chartsSoFar = 0;

/**
 * A chart that is redrawn in place while something runs.
 *
 * Await {@link LiveChart.update} as often as there is news, and {@link LiveChart.finish} at the end. Outside a
 * notebook only the last chart is shown, as text.
 */
export class LiveChart {
  readonly #id = `live-chart-${process.pid}-${++chartsSoFar}`;
  readonly #interval: number;
  readonly #now: () => number;
  #shown = false;
  #notBefore = Number.NEGATIVE_INFINITY;

  constructor(options: LiveChartOptions = {}) {
    this.#interval = options.interval ?? 250;
    this.#now = options.now ?? (() => performance.now());
  }

  /**
   * Redraws the chart if the last picture is old enough, then lets the event loop turn, so that the notebook
   * gets its messages and the stop button is heard.
   *
   * @param draw Makes the specification, with a `description`; called only when the chart is redrawn.
   */
  async update(draw: () => TopLevelSpec): Promise<void> {
    if (insideNotebook() && this.#now() >= this.#notBefore) await this.#redraw(draw());
    await eventLoopTurn();
  }

  /** Draws the chart a last time, whenever the picture before was drawn. */
  async finish(spec: TopLevelSpec): Promise<void> {
    await this.#redraw(spec);
    await eventLoopTurn();
  }

  async #redraw(spec: TopLevelSpec): Promise<void> {
    const start = this.#now();
    display(await chartBundle(spec), { id: this.#id, update: this.#shown });
    this.#shown = true;
    const end = this.#now();
    this.#notBefore = end + Math.max(this.#interval, (end - start) * (1 / drawingShare - 1));
  }
}

function eventLoopTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
