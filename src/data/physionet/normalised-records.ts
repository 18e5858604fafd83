import type { HourlyMeans } from "./hourly-means.js";
import { hoursPerRecord, type PatientFeature, type PatientRecords } from "./patient-records.js";
import { patientVariables } from "./patient-variables.js";

const features = patientVariables.length;

/**
 * Records on the grid of hours, each series normalised as by Rubanova et al. and Kelly et al.: (x - minimum) / maximum over
 * all records given, a maximum of 0 replaced by 1, and 0 where nothing was observed.
 *
 * This is no map onto [0, 1]: a series that is always 1 becomes 0, and one with a negative minimum exceeds 1. Whoever
 * reads the values needs `observed` beside them, for an observed minimum is 0 as well.
 *
 * @param ranges minimum and maximum to normalise by @defaultValue those of the records
 */
export function normalisedRecords(
  records: readonly HourlyMeans[],
  about: Pick<PatientRecords, "source" | "description">,
  ranges: readonly Range[] = rangesOf(records),
): PatientRecords {
  const cells = hoursPerRecord * features;
  const values = new Float32Array(records.length * cells);
  const observed = new Uint8Array(records.length * cells);
  for (const [position, record] of records.entries()) {
    for (let i = 0; i < record.cells.length; i++) {
      const range = ranges[record.cells[i] % features];
      const cell = position * cells + record.cells[i];
      values[cell] = (record.means[i] - range.minimum) / scaleOf(range);
      observed[cell] = 1;
    }
  }
  return {
    ...about,
    count: records.length,
    ids: Int32Array.from(records, ({ id }) => id),
    times: Array.from({ length: hoursPerRecord }, (_, hour) => hour),
    features: patientVariables.map((variable, feature) => ({ ...variable, ...ranges[feature] })),
    values,
    observed,
  };
}

/** A normalised value in the unit of its feature. */
export function valueInUnit(normalised: number, feature: PatientFeature): number {
  return normalised * scaleOf(feature) + feature.minimum;
}

type Range = Pick<PatientFeature, "minimum" | "maximum">;

function scaleOf({ maximum }: Range): number {
  return maximum === 0 ? 1 : maximum;
}

/** Smallest and largest hourly mean of each series; both 0 of one that nobody has. */
function rangesOf(records: readonly HourlyMeans[]): Range[] {
  const minimum = new Float64Array(features).fill(Number.POSITIVE_INFINITY);
  const maximum = new Float64Array(features).fill(Number.NEGATIVE_INFINITY);
  for (const { cells, means } of records) {
    for (let i = 0; i < cells.length; i++) {
      const feature = cells[i] % features;
      minimum[feature] = Math.min(minimum[feature], means[i]);
      maximum[feature] = Math.max(maximum[feature], means[i]);
    }
  }
  return patientVariables.map((_, feature) =>
    minimum[feature] <= maximum[feature]
      ? { minimum: minimum[feature], maximum: maximum[feature] }
      : { minimum: 0, maximum: 0 },
  );
}
