import { ValueScope } from "../../compiler/targets/value-scope.js";
import { range } from "../../data/image-batch.js";
import { evaluation } from "../../models/block.js";
import type { RunContext } from "../experiment.js";
import { provenance } from "../provenance.js";
import { threadsOf } from "../threads.js";
import { courseOf } from "../training-context.js";
import { type PhysionetOptions, physionetIdentity } from "./configuration.js";
import { PatientFit } from "./patient-fit.js";
import type { PhysionetRow } from "./physionet-row.js";
import { probe } from "./probe.js";
import { reconstruct } from "./reconstruct.js";
import { recordBatch } from "./record-batch.js";
import { modelTimes, type TrainedPatientModel, trainPatientModel } from "./train.js";

/** The first so many held-out records make the probe's one system. */
const probeRecords = 512;

/**
 * Trains, evaluates and probes one configuration; returns its row.
 *
 * @throws RangeError for wrong options; DataError when the records cannot be had; TrainingError when the training breaks
 * down; CheckpointError when its checkpoint cannot be used; SolveError when the trained model cannot be solved; the signal's
 * reason when it is aborted.
 */
export async function runPhysionet(
  options: PhysionetOptions,
  context: RunContext = {},
): Promise<PhysionetRow> {
  const begin = performance.now();
  const trained = await trainPatientModel(options, context);
  try {
    const { configuration, train, result } = trained;
    const measured = await measure(trained, context.signal);
    return {
      ...physionetIdentity(options.preset, configuration),
      records: train.source,
      ...measured,
      ...courseOf(result),
      timing: {
        seconds: result.seconds,
        totalSeconds: (performance.now() - begin) / 1000,
        threads: threadsOf(context),
      },
      provenance: provenance(),
    };
  } finally {
    trained.dispose();
  }
}

/** What is measured on a trained model. */
type PhysionetMetrics = Pick<PhysionetRow, "trainLoss" | "testLoss" | "nfe" | "nfeProbe" | "resolved">;

/** The error on both sets, and what the solution costs, by the training solver and by the probes. */
async function measure(trained: TrainedPatientModel, signal?: AbortSignal): Promise<PhysionetMetrics> {
  const { model, configuration, train, test, result } = trained;
  const { params } = result;
  const { random } = evaluation;
  const fit = new PatientFit({ ...configuration, model, train, validation: test });
  const scope = new ValueScope(model.target);
  try {
    const names = Object.keys(params);
    const values = scope.put(names.map((name) => params[name]));
    const named = Object.fromEntries(names.map((name, i) => [name, values[i]]));
    const probed = recordBatch(test, range(0, Math.min(probeRecords, test.count)));
    const { latent: starts } = reconstruct(model, params, probed, random);
    return {
      trainLoss: await fit.squaredError(named, train, random, signal),
      testLoss: await fit.squaredError(named, test, random, signal),
      nfe: fit.firstBatch(named, random).nfe,
      ...(await probe({ sizes: configuration, params, starts, times: modelTimes(train.times) }, signal)),
    };
  } finally {
    scope.release();
    fit.dispose();
  }
}
