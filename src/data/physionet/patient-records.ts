import { Random } from "../../compiler/random.js";

/** Hourly instants of a record: hour 0 is the admission to intensive care, hour 48 the end. */
export const hoursPerRecord = 49;

/** One series of a record, such as the heart rate. */
export interface PatientFeature {
  /** The name in the files of the challenge, such as `HR`. */
  readonly name: string;
  /** What is measured, in words. */
  readonly meaning: string;
  readonly unit: string;
  /** Smallest of the hourly values of all records, in the feature's unit. */
  readonly minimum: number;
  /** Largest of the hourly values of all records, in the feature's unit. */
  readonly maximum: number;
}

/** The first 48 hours of stays in intensive care, hour by hour: irregular series on a common grid. */
export interface PatientRecords {
  /** The published records, or records that a seeded generator made up. */
  readonly source: "physionet2012" | "generated";
  /** One line that says which records are in use and how many, and plainly if they are made up. */
  readonly description: string;
  readonly count: number;
  /** `count` RecordIDs; of generated records their numbers, from 1. */
  readonly ids: Int32Array;
  /** The 49 hours 0, 1, …, 48 since admission. */
  readonly times: readonly number[];
  /** The 37 series, in the order of the last axis of `values`. */
  readonly features: readonly PatientFeature[];
  /** `[count, 49, 37]`: (x - minimum) / maximum of the hour's mean x, a maximum of 0 counting as 1; 0 where not observed. */
  readonly values: Float32Array;
  /** `[count, 49, 37]`: 1 where the hour holds an observation, else 0. */
  readonly observed: Uint8Array;
}

/** Copies the records at the given positions, in that order. */
export function selectRecords(from: PatientRecords, positions: ArrayLike<number>): PatientRecords {
  const count = positions.length;
  const cells = from.times.length * from.features.length;
  const ids = new Int32Array(count);
  const values = new Float32Array(count * cells);
  const observed = new Uint8Array(count * cells);
  for (let i = 0; i < count; i++) {
    const start = positions[i] * cells;
    ids[i] = from.ids[positions[i]];
    values.set(from.values.subarray(start, start + cells), i * cells);
    observed.set(from.observed.subarray(start, start + cells), i * cells);
  }
  return { ...from, count, ids, values, observed };
}

/** How to split records. */
export interface SplitOptions {
  /** Another seed gives another split. @defaultValue 0 */
  readonly seed?: number;
  /** Share of the records to train on. @defaultValue 0.8 */
  readonly trainShare?: number;
}

/**
 * Splits records at random into two parts that have no record in common and together have all.
 *
 * The split is our own: the code of Kelly et al. (arXiv 2007.04504) shuffles with Python's `random.shuffle` what, by our
 * reading, is a two-dimensional array; that swaps views of rows, and so loses records and doubles others, some of them
 * across the parts.
 *
 * @throws RangeError when a part would be empty
 */
export function splitRecords(
  records: PatientRecords,
  options: SplitOptions = {},
): { train: PatientRecords; test: PatientRecords } {
  const { seed = 0, trainShare = 0.8 } = options;
  const trainCount = Math.round(trainShare * records.count);
  if (!(trainCount >= 1 && trainCount < records.count)) {
    throw new RangeError(
      `splitRecords: trainShare ${trainShare} of ${records.count} records leaves a part empty; ` +
        "take more records or a share further from 0 and 1",
    );
  }
  const order = new Random(seed).split("patient records").permutation(records.count);
  return {
    train: selectRecords(records, order.subarray(0, trainCount)),
    test: selectRecords(records, order.subarray(trainCount)),
  };
}
