import { adaBelief } from "../../nn/optimizers/ada-belief.js";
import { trainTask } from "../../training/train-task.js";
import type { RunContext } from "../experiment.js";
import { provenance } from "../provenance.js";
import { courseOf, trainingContext } from "../training-context.js";
import { scheduleOf } from "../weight-decay.js";
import {
  type SpiralSdeConfiguration,
  type SpiralSdeOptions,
  spiralSdeConfiguration,
  spiralSdeIdentity,
} from "./configuration.js";
import { measure } from "./measure.js";
import { spiralSdeMethods } from "./methods.js";
import { momentFit } from "./moment-fit.js";
import { spiralSdeModel } from "./spiral-sde-model.js";
import type { SpiralSdeRow } from "./spiral-sde-row.js";
import { stochasticSpiral } from "./stochastic-spiral.js";

/** Evaluations in the course of a training, beside those at its start and end. */
const evaluations = 50;

/**
 * Trains and measures one configuration; returns its row.
 *
 * @throws RangeError for wrong options; TrainingError when the training breaks down; CheckpointError when its checkpoint
 * cannot be used; SolveError when the trained model cannot be solved; the signal's reason when it is aborted.
 */
export async function runSpiralSde(
  options: SpiralSdeOptions,
  context: RunContext = {},
): Promise<SpiralSdeRow> {
  const begin = performance.now();
  const configuration = spiralSdeConfiguration(options);
  const { span, points, dataPaths, paths, solver } = configuration;
  const identity = spiralSdeIdentity(options.preset, configuration);
  const data = stochasticSpiral({ span, points, paths: dataPaths });
  context.onData?.(`moments of ${dataPaths} paths of the true equation at ${points} times, simulated`);
  const model = spiralSdeModel({ ...configuration, saveAt: data.times });
  const fit = momentFit(model, data, paths);
  try {
    const trained = await trainTask({
      task: fit,
      ...trainingOf(configuration),
      ...trainingContext(context, configuration),
    });
    const { predictSeconds, ...metrics } = measure(model, trained.params, data, configuration);
    const totalSeconds = (performance.now() - begin) / 1000;
    return {
      ...identity,
      solver,
      ...metrics,
      ...courseOf(trained),
      timing: { seconds: trained.seconds, totalSeconds, threads: 1, predictSeconds },
      provenance: provenance(),
    };
  } finally {
    fit.dispose();
    model.dispose();
  }
}

function trainingOf({ method, weight, seed, epochs: iterations, learningRate }: SpiralSdeConfiguration) {
  return {
    iterations,
    evaluateEvery: Math.max(1, Math.round(iterations / evaluations)),
    optimizer: adaBelief({ learningRate }),
    regularizers: spiralSdeMethods[method].regularizers(scheduleOf(weight)),
    seed,
  };
}
