import type { TopLevelSpec } from "vega-lite";
import type { ExperimentName, ExperimentRows } from "../experiments/experiments.js";
import { comparisons } from "./comparison.js";
import { followedErrors } from "./followed-errors.js";
import { momentBandChart } from "./moment-bands.js";
import { nfeAgainstWeight } from "./nfe-against-weight.js";
import { penaltyCosineChart, penaltyLengthChart } from "./penalty-noise-charts.js";
import { qualityAgainstNfe } from "./quality-against-nfe.js";
import { stepSizeChart, trajectoryChart } from "./spiral-charts.js";
import { trainingChart } from "./training-chart.js";

/** A chart with the name of its file. */
export interface NamedChart {
  readonly name: string;
  readonly spec: TopLevelSpec;
}

/** Charts of rows that share a configuration, by name. */
type ChartsOf<Row> = (rows: readonly Row[]) => Readonly<Record<string, TopLevelSpec>>;

/** The charts of each experiment. */
const charts: { readonly [Name in ExperimentName]: ChartsOf<ExperimentRows[Name]> } = {
  "mnist-ode": (rows) => {
    const solved = rows.filter(({ nfe }) => nfe > 0);
    return {
      "quality-against-nfe": qualityAgainstNfe(rows),
      ...(solved.length > 0 && { "nfe-against-weight": nfeAgainstWeight(solved) }),
      training: trainingChart(rows),
    };
  },
  "mnist-sde": (rows) => ({
    "quality-against-nfe": qualityAgainstNfe(rows),
    "nfe-against-weight": nfeAgainstWeight(rows),
    training: trainingChart(rows),
  }),
  "spiral-ode": (rows) => ({
    "quality-against-nfe": qualityAgainstNfe(rows),
    "nfe-against-weight": nfeAgainstWeight(rows),
    training: trainingChart(rows, { panels: ["loss", "nfe"], lossScale: "log" }),
    trajectories: trajectoryChart(rows),
    "step-sizes": stepSizeChart(rows),
  }),
  physionet: (rows) => ({
    "quality-against-nfe": qualityAgainstNfe(rows),
    "nfe-against-weight": nfeAgainstWeight(rows),
    training: trainingChart(followedErrors(rows), { panels: ["loss", "nfe"], lossScale: "log" }),
  }),
  "spiral-sde": (rows) => ({
    "quality-against-nfe": qualityAgainstNfe(rows),
    "nfe-against-weight": nfeAgainstWeight(rows),
    training: trainingChart(rows, { panels: ["loss", "nfe"], lossScale: "log" }),
    moments: momentBandChart(rows),
  }),
  "penalty-noise": (rows) => ({
    training: trainingChart(rows),
    ...Object.fromEntries(
      rows.flatMap((row) => [
        [`${row.method}-${row.seed}-cosine`, penaltyCosineChart(row)],
        [`${row.method}-${row.seed}-length`, penaltyLengthChart(row)],
      ]),
    ),
  }),
};

/** All charts of an experiment's rows, those of each configuration for itself. */
export function experimentCharts<Name extends ExperimentName>(
  experiment: Name,
  rows: readonly ExperimentRows[Name][],
): NamedChart[] {
  return comparisons(rows).flatMap(({ title, arms }) =>
    Object.entries(charts[experiment](arms.flatMap((arm) => arm.rows))).map(([name, spec]) => ({
      name: `${fileName(title)}-${name}`,
      spec,
    })),
  );
}

/** "mnist-ode · quick · tolerance 1e-8" without what file names should not have. */
function fileName(title: string): string {
  return title.toLowerCase().replaceAll(/[^a-z0-9.-]+/g, "-");
}
