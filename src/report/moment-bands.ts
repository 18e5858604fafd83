import type { TopLevelSpec } from "vega-lite";
import type { RowMoments, SpiralSdeRow } from "../experiments/spiral-sde/spiral-sde-row.js";
import { type ChartLayer, chartTheme } from "./chart-theme.js";
import { singleComparison } from "./comparison.js";
import { methodScale } from "./method-colours.js";

/** What the chart needs of a row. */
export type MomentRow = Omit<SpiralSdeRow, "curve" | "provenance" | "timing">;

const components = ["u₁", "u₂"] as const;

const time = { field: "t", type: "quantitative" as const, title: "time" };

/**
 * Chart of the trained models' distributions along time, one panel a component: the mean with a band of a standard deviation
 * to both sides, a few paths, and the mean and the band of the data. A menu says which model, of each method and weight its
 * first seed.
 *
 * @throws {Error} If there are no rows, or rows differ in more than method, weight and seed.
 */
export function momentBandChart(rows: readonly MomentRow[]): TopLevelSpec {
  const { title, arms } = singleComparison(rows, "momentBandChart");
  const runs = arms.map(({ method, weight, rows: [row] }) => {
    const name = weight > 0 ? `${method}, weight ${weight}` : method;
    return { method, name, row };
  });
  const names = runs.map(({ name }) => name);
  const choice = { input: "select" as const, options: names, name: "model " };
  return {
    description: `Means, standard deviations and paths of the trained models (${title}): ${names.join("; ")}.`,
    title: {
      text: { expr: '"Means and deviations · " + model' },
      subtitle: [
        title,
        "grey: the data · band: a standard deviation to both sides · thin: paths of the model",
      ],
    },
    config: chartTheme,
    spacing: 24,
    params: [{ name: "model", value: names[0], ...(names.length > 1 && { bind: choice }) }],
    hconcat: components.map((component, i) => ({
      width: 320,
      height: 240,
      encoding: { x: time },
      layer: [
        ...dataLayers(bandOf(runs[0].row.times, runs[0].row.data, i), component),
        ...modelLayers(runs, i),
      ],
    })),
  };
}

/** Mean and band of a component. */
function bandOf(times: readonly number[], { means, variances }: RowMoments, component: number) {
  return times.map((t, i) => {
    const mean = means[i][component];
    const deviation = Math.sqrt(variances[i][component]);
    const [low, high] = [mean - deviation, mean + deviation].map((value) => Number(value.toPrecision(5)));
    return { t, mean, low, high };
  });
}

function dataLayers(values: ReturnType<typeof bandOf>, component: string): ChartLayer[] {
  const y = { field: "mean", type: "quantitative" as const, title: component };
  return [
    {
      data: { values },
      mark: { type: "area", color: "#999999", opacity: 0.35 },
      encoding: { y: { field: "low", type: "quantitative", title: component }, y2: { field: "high" } },
    },
    {
      data: { values },
      mark: { type: "point", color: "#444444", size: 22, strokeWidth: 1, opacity: 1 },
      encoding: { y },
    },
  ];
}

function modelLayers(
  runs: readonly { method: string; name: string; row: MomentRow }[],
  component: number,
): ChartLayer[] {
  const bands = runs.flatMap(({ method, name, row: { times, moments } }) =>
    bandOf(times, moments, component).map((point) => ({ run: name, method, ...point })),
  );
  const paths = runs.flatMap(({ method, name, row }) =>
    row.paths.flatMap((path, number) =>
      row.times.map((t, i) => ({ run: name, method, path: number + 1, t, u: path[i][component] })),
    ),
  );
  const color = {
    field: "method",
    type: "nominal" as const,
    scale: methodScale(runs.map(({ method }) => method)),
    legend: null,
  };
  const transform = [{ filter: "datum.run === model" }];
  const tooltip = [
    { field: "run" },
    { field: "t", format: ".3f" },
    { field: "mean", format: ".3f" },
    { field: "low", format: ".3f" },
    { field: "high", format: ".3f" },
  ];
  return [
    {
      data: { values: paths },
      transform,
      mark: { type: "line", strokeWidth: 0.7, opacity: 0.7 },
      encoding: { y: { field: "u", type: "quantitative" }, detail: { field: "path" }, color },
    },
    {
      data: { values: bands },
      transform,
      mark: { type: "area", opacity: 0.3 },
      encoding: { y: { field: "low", type: "quantitative" }, y2: { field: "high" }, color },
    },
    {
      data: { values: bands },
      transform,
      mark: { type: "line", strokeWidth: 2, point: "transparent" },
      encoding: { y: { field: "mean", type: "quantitative" }, color, tooltip },
    },
  ];
}
