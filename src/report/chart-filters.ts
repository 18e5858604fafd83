import type { TopLevelSpec } from "vega-lite";
import type { Measure } from "../experiments/experiment.js";
import type { Arm, ConfiguredRow } from "./comparison.js";
import { measured } from "./measures.js";
import { meanOf } from "./paired.js";

/** Parameters of a chart that stand above its layers. */
type ChartParameters = NonNullable<TopLevelSpec["params"]>;

/** A click on a method in the legend shows that method alone, a click beside it all again. Belongs to one layer. */
export const methodSelection = {
  name: "chosen",
  select: { type: "point" as const, fields: ["method"] },
  bind: "legend" as const,
};

/** Keeps what the legend's selection keeps. */
export const isChosen = { filter: { param: methodSelection.name } };

/** A choice below the chart: how much worse than training without penalty a method may be and still be shown. */
export interface QualityFilter<Row extends ConfiguredRow> {
  /** Goes to the chart's own parameters. */
  readonly params: ChartParameters;
  /** Goes to the transformations of each layer whose data have {@link worseBy} in the field `worse`. */
  readonly isGoodEnough: { readonly filter: string };
  /** How much worse than the baseline an arm is, in the filter's terms; 0 where there is no baseline. */
  readonly worseBy: (arm: Arm<Row>) => number;
}

/** Steps of the choice: parts of the baseline for losses, points for accuracies. */
const choices = { ratio: [1.5, 3, 10], difference: [0.5, 1, 2] } as const;

/** Filters arms by the mean of a measure over their seeds, relative to that of the arm without penalty. */
export function qualityFilter<Row extends ConfiguredRow>(
  arms: readonly Arm<Row>[],
  quality: Measure,
): QualityFilter<Row> {
  const baseline = arms.find(({ method }) => method === "vanilla");
  const { comparison = "difference", title } = quality;
  const mean = (arm: Arm<Row>) => meanOf(arm.rows.map((row) => measured(quality, row)));
  const worseBy = (arm: Arm<Row>) => {
    if (!baseline) return 0;
    return comparison === "ratio" ? mean(arm) / mean(baseline) : mean(baseline) - mean(arm);
  };
  const unit = comparison === "ratio" ? "times vanilla's" : "below vanilla's";
  const bounds = choices[comparison];
  const select = {
    input: "select" as const,
    options: [null, ...bounds],
    labels: ["anything", ...bounds.map((bound) => `at most ${bound} ${unit}`)],
    name: `${title}: `,
  };
  return {
    params: baseline ? [{ name: "allowed", value: null, bind: select }] : [],
    isGoodEnough: { filter: baseline ? "allowed === null || datum.worse <= allowed" : "true" },
    worseBy,
  };
}
