import type { PatientRecords } from "../../data/physionet/patient-records.js";
import type { Measure } from "../experiment.js";
import type { ResultRow } from "../result-row.js";

/**
 * A run of physionet. `nfe` is that of the first batch of the training records; `nfeProbe` and `resolved` are those of the
 * latent starts of the first 512 held-out records.
 */
export interface PhysionetRow extends ResultRow {
  /** Whether the records are the published ones or made up. */
  readonly records: PatientRecords["source"];
  /**
   * Squared error of an observed value, normalised as the records are: mean over the observations of a record, then over
   * records; each is reconstructed from one sample of its latent start.
   */
  readonly trainLoss: number;
  readonly testLoss: number;
}

/** What tables show of a run. */
export const physionetMeasures: readonly Measure[] = [
  { field: "testLoss", title: "test loss 1e-3", factor: 1000, decimals: 2, comparison: "ratio" },
  { field: "trainLoss", title: "training loss 1e-3", factor: 1000, decimals: 2 },
  { field: "nfe", title: "NFE", decimals: 1, comparison: "ratio" },
  { field: "nfeProbe", title: "NFE (probe)", decimals: 1, comparison: "ratio" },
];
