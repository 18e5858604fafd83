import { onnxTarget } from "../../compiler/targets/onnx/onnx-target.js";
import { wasmTarget } from "../../compiler/targets/wasm/wasm-target.js";
import { range } from "../../data/image-batch.js";
import { loadPatientRecords } from "../../data/physionet/load-patient-records.js";
import { type PatientRecords, selectRecords, splitRecords } from "../../data/physionet/patient-records.js";
import type { Model } from "../../models/model.js";
import { adaMax } from "../../nn/optimizers/ada-max.js";
import { integralController, proportionalIntegralController } from "../../solvers/ode/controllers.js";
import { trainTask } from "../../training/train-task.js";
import type { TrainingResult } from "../../training/training-options.js";
import type { RunContext } from "../experiment.js";
import { threadsOf } from "../threads.js";
import { trainingContext } from "../training-context.js";
import { scheduleOf } from "../weight-decay.js";
import {
  type PhysionetConfiguration,
  type PhysionetOptions,
  physionetConfiguration,
  physionetRegularization,
} from "./configuration.js";
import { PatientFit } from "./patient-fit.js";
import { patientModel } from "./patient-model.js";

/** Controllers by the names of configurations. */
const controllers = { I: integralController, PI: proportionalIntegralController };

/** Held-out records on which the loss is followed during training. */
const validationRecords = 512;

/** A trained latent ODE of patients, and what it was trained on. */
export interface TrainedPatientModel {
  readonly configuration: PhysionetConfiguration;
  readonly model: Model;
  readonly train: PatientRecords;
  /** The records that were held out. */
  readonly test: PatientRecords;
  /** The course of the training; `params` are those of the model. */
  readonly result: TrainingResult;
  /** Gives back the model's programs. */
  dispose(): void;
}

/**
 * Trains one configuration of the latent ODE; the caller disposes of it.
 *
 * @throws RangeError for wrong options; DataError when the records cannot be had; TrainingError when the training breaks
 * down; the signal's reason when it is aborted.
 */
export async function trainPatientModel(
  options: PhysionetOptions,
  context: RunContext = {},
): Promise<TrainedPatientModel> {
  const configuration = physionetConfiguration(options);
  const { records: set, limit, seed, batchSize, reconstructionEpochs } = configuration;
  const fetch = { signal: context.signal, ...context.fetch };
  const records = await loadPatientRecords({ set, limit, fetch });
  context.onData?.(records.description);
  const { train, test } = splitRecords(records, { seed });
  const model = modelOf(configuration, records, threadsOf(context));
  const validation = selectRecords(test, range(0, Math.min(validationRecords, test.count)));
  const fit = new PatientFit({ model, train, validation, batchSize, reconstructionEpochs });
  try {
    const result = await trainTask({
      task: fit,
      ...trainingOf(configuration, fit.iterationsPerEpoch),
      ...trainingContext(context, configuration),
    });
    return { configuration, model, train, test, result, dispose: () => model.dispose() };
  } catch (error) {
    model.dispose();
    throw error;
  } finally {
    fit.dispose();
  }
}

function modelOf(
  configuration: PhysionetConfiguration,
  { times, features }: PatientRecords,
  threads: number,
): Model {
  const { tolerance, precision, target, controller } = configuration;
  return patientModel(features.length, configuration, {
    times: modelTimes(times),
    rtol: tolerance,
    atol: tolerance,
    controller: controllers[controller],
    precision,
    target: (target === "wasm" ? wasmTarget : onnxTarget)({ precision, threads }),
  });
}

/** The times of a model of records, from 0 at the first hour to 1 at the last. */
export function modelTimes(hours: readonly number[]): number[] {
  return hours.map((hour) => hour / hours[hours.length - 1]);
}

function trainingOf(configuration: PhysionetConfiguration, iterationsPerEpoch: number) {
  const { method, weight, seed, epochs, learningRate, decay, annealing } = configuration;
  return {
    iterations: epochs * iterationsPerEpoch,
    optimizer: adaMax({ learningRate, decay }),
    regularizers: physionetRegularization[method].regularizers(scheduleOf(weight)),
    seed,
    annealing,
  };
}
