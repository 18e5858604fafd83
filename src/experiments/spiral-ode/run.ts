import { adam } from "../../nn/optimizers/adam.js";
import { decayedRate } from "../../nn/schedules.js";
import { integralController, proportionalIntegralController } from "../../solvers/ode/controllers.js";
import { trainTask } from "../../training/train-task.js";
import type { RunContext } from "../experiment.js";
import { provenance } from "../provenance.js";
import { regularizationMethods } from "../regularization-methods.js";
import { courseOf, trainingContext } from "../training-context.js";
import { scheduleOf } from "../weight-decay.js";
import {
  type SpiralOdeConfiguration,
  type SpiralOdeOptions,
  spiralOdeConfiguration,
  spiralOdeIdentity,
} from "./configuration.js";
import { measure } from "./measure.js";
import { spiralStart, trueSpiral } from "./spiral.js";
import { spiralModel } from "./spiral-model.js";
import type { SpiralOdeRow } from "./spiral-ode-row.js";
import { trajectoryFit } from "./trajectory-fit.js";

/** Controllers by the names of configurations. */
const controllers = { I: integralController, PI: proportionalIntegralController };

/** Evaluations in the course of a training, beside those at its start and end. */
const evaluations = 50;

/**
 * Trains and measures one configuration; returns its row.
 *
 * @throws RangeError for wrong options; TrainingError when the training breaks down; CheckpointError when its checkpoint
 * cannot be used; SolveError when the trained model cannot be solved; the signal's reason when it is aborted.
 */
export async function runSpiralOde(
  options: SpiralOdeOptions,
  context: RunContext = {},
): Promise<SpiralOdeRow> {
  const begin = performance.now();
  const configuration = spiralOdeConfiguration(options);
  const { hidden, span, points, tolerance, precision, target } = configuration;
  const identity = spiralOdeIdentity(options.preset, configuration);
  const spiral = trueSpiral(span, points);
  context.onData?.(`the true spiral at ${points} times from ${span[0]} to ${span[1]}`);
  const controller = controllers[configuration.controller];
  const solver = { rtol: tolerance, atol: tolerance, controller, precision, target };
  const model = spiralModel(hidden, { ...solver, saveAt: spiral.times });
  const fit = trajectoryFit(model, spiralStart, spiral.states);
  try {
    const trained = await trainTask({
      task: fit,
      ...trainingOf(configuration),
      ...trainingContext(context, configuration),
    });
    const metrics = measure(model, trained.params, spiral, configuration);
    const totalSeconds = (performance.now() - begin) / 1000;
    return {
      ...identity,
      ...metrics,
      ...courseOf(trained),
      timing: { seconds: trained.seconds, totalSeconds, threads: 1 },
      provenance: provenance(),
    };
  } finally {
    fit.dispose();
    model.dispose();
  }
}

function trainingOf(configuration: SpiralOdeConfiguration) {
  const {
    method,
    weight,
    seed,
    epochs: iterations,
    learningRate: from,
    learningRateDecay,
    annealing,
  } = configuration;
  const factor = learningRateDecay ** (1 / iterations);
  return {
    iterations,
    evaluateEvery: Math.max(1, Math.round(iterations / evaluations)),
    optimizer: adam({ learningRate: decayedRate({ from, factor, floor: from * learningRateDecay }) }),
    regularizers: regularizationMethods[method].regularizers(scheduleOf(weight)),
    seed,
    annealing,
  };
}
