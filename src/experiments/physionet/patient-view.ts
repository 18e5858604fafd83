import { Random } from "../../compiler/random.js";
import { valueInUnit } from "../../data/physionet/normalised-records.js";
import type { PatientFeature, PatientRecords } from "../../data/physionet/patient-records.js";
import type { StepRecord } from "../../solvers/ode/step-records.js";
import { type Reconstruction, reconstruct } from "./reconstruct.js";
import { recordBatch } from "./record-batch.js";
import type { TrainedPatientModel } from "./train.js";

/** One series of a patient, in its unit, hour by hour. */
export interface PatientSeries {
  readonly feature: PatientFeature;
  /** Undefined where nothing was observed. */
  readonly observed: readonly (number | undefined)[];
  /** Mean of the reconstructions from all samples, and the lowest and the highest of them. */
  readonly mean: readonly number[];
  readonly lowest: readonly number[];
  readonly highest: readonly number[];
}

/** A patient as a trained model sees it. */
export interface PatientView {
  readonly id: number;
  readonly hours: readonly number[];
  readonly series: readonly PatientSeries[];
  /** Attempted steps of the one solve of all samples, in hours. */
  readonly steps: readonly Pick<StepRecord, "t" | "h" | "accepted">[];
}

/** Options of {@link patientView}. */
export interface PatientViewOptions {
  /** Latent starts to draw. @defaultValue 20 */
  readonly samples?: number;
  /** @defaultValue 1 */
  readonly seed?: number;
}

/**
 * Reconstructs a record from many samples of its latent start, which make one system.
 *
 * @throws RangeError when there is no record at the position; SolveError when the solve fails.
 */
export function patientView(
  { model, result }: Pick<TrainedPatientModel, "model" | "result">,
  records: PatientRecords,
  position: number,
  { samples = 20, seed = 1 }: PatientViewOptions = {},
): PatientView {
  if (!(position in records.ids)) {
    throw new RangeError(`patientView: there are records 0 to ${records.count - 1}, got ${position}`);
  }
  const inputs = recordBatch(records, new Int32Array(samples).fill(position));
  const reconstruction = reconstruct(model, result.params, inputs, new Random(seed));
  const last = records.times[records.times.length - 1];
  return {
    id: records.ids[position],
    hours: records.times,
    series: records.features.map((_, i) => seriesOf(records, position, i, reconstruction)),
    steps: reconstruction.steps.map(({ t, h, accepted }) => ({ t: last * t, h: last * h, accepted })),
  };
}

function seriesOf(
  { times, features, values, observed }: PatientRecords,
  position: number,
  column: number,
  { output }: Reconstruction,
): PatientSeries {
  const feature = features[column];
  const samples = output.shape[1];
  const inUnit = (value: number): number => valueInUnit(value, feature);
  const cellAt = (hour: number): number => (position * times.length + hour) * features.length + column;
  const found = times.map((_, hour) =>
    Array.from({ length: samples }, (_, k) => output.data[(hour * samples + k) * features.length + column]),
  );
  return {
    feature,
    observed: times.map((_, hour) => (observed[cellAt(hour)] ? inUnit(values[cellAt(hour)]) : undefined)),
    mean: found.map((all) => inUnit(all.reduce((sum, value) => sum + value, 0) / samples)),
    lowest: found.map((all) => inUnit(Math.min(...all))),
    highest: found.map((all) => inUnit(Math.max(...all))),
  };
}
