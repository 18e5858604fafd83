import type { Measure } from "../experiments/experiment.js";
import { type ExperimentName, experiments } from "../experiments/experiments.js";

/**
 * What is measured in an experiment; the first says how good a model is.
 *
 * @throws RangeError when there is no such experiment.
 */
export function measuresOf(experiment: string): readonly Measure[] {
  if (Object.hasOwn(experiments, experiment)) return experiments[experiment as ExperimentName].measures;
  const known = Object.keys(experiments).join(", ");
  throw new RangeError(`there is no experiment "${experiment}" whose measures are known; there is ${known}`);
}

/** A measure of a row in the unit of its title. */
export function measured({ field, factor = 1 }: Measure, row: object): number {
  return factor * (row as Readonly<Record<string, number>>)[field];
}

/** Whether a measure says something of a row: a count of 0 means that there was nothing to count. */
export function isMeasured(measure: Measure, row: object): boolean {
  return measure.comparison !== "ratio" || measured(measure, row) > 0;
}

/** A value of a measure as text. */
export function measureText({ decimals }: Measure, value: number): string {
  return decimals === undefined ? value.toExponential(2) : value.toFixed(decimals);
}

/** How a chart's tooltip shows a measure that stands in a field of its own. */
export function tooltipOf({ title, decimals }: Measure, field: string) {
  return { field, title, format: decimals === undefined ? ".2e" : `.${decimals}f` };
}

/** All measures of a row in one line. */
export function measuresText(measures: readonly Measure[], row: object): string {
  return measures
    .filter((measure) => isMeasured(measure, row))
    .map((measure) => `${measure.title} ${measureText(measure, measured(measure, row))}`)
    .join(", ");
}
