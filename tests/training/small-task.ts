import * as tf from "@tensorflow/tfjs-core";
import { type NdArray, ndArray } from "../../src/compiler/nd-array.js";
import { Random } from "../../src/compiler/random.js";
import type { TargetChoice } from "../../src/compiler/targets/choose-target.js";
import type { NamedValues, Precision } from "../../src/compiler/targets/target.js";
import { ValueScope } from "../../src/compiler/targets/value-scope.js";
import { epochBatches } from "../../src/data/batches.js";
import { evaluation, type ForwardContext } from "../../src/models/block.js";
import { inputsName, outputName } from "../../src/models/model.js";
import { lossName, Objective } from "../../src/models/objective.js";
import { tracedBlock } from "../../src/models/traced-block.js";
import { trajectoryModel } from "../../src/models/trajectory-model.js";
import { dense } from "../../src/nn/dense.js";
import { adam } from "../../src/nn/optimizers/adam.js";
import { constant } from "../../src/nn/schedules.js";
import { errorPenalty } from "../../src/regularizers/error-penalty.js";
import { steer } from "../../src/regularizers/steer.js";
import { objectiveStep } from "../../src/training/objective-step.js";
import type { Iteration, Task, TaskStep } from "../../src/training/task.js";
import type { TaskTrainingOptions } from "../../src/training/training-options.js";

const [rows, batch, saveAt] = [12, 3, [0, 0.5, 1]];

/** A regression on trajectories in the plane, with noise on where they start; its evaluation has an `error`. */
export interface SmallTask extends Task {
  dispose(): void;
}

/** A task of which everything is random that may be: the order of the rows, noise, and with STEER the saved times. */
export function smallTask(choice: TargetChoice, precision: Precision = "float64"): SmallTask {
  const model = trajectoryModel({
    field: dense({ inputs: 2, outputs: 2, activation: "tanh" }),
    features: 2,
    saveAt,
    rtol: 1e-3,
    atol: 1e-3,
    target: choice,
    precision,
  });
  const { target, params } = model;
  const shape = [saveAt.length, batch, 2];
  const lossBlock = tracedBlock(
    {
      reads: { [outputName]: shape },
      withRespectTo: [outputName],
      of: [lossName],
      // the trajectories are to go to where the unit circle is
      run: (read) => ({
        [lossName]: tf.mean(tf.square(tf.sub(tf.sum(tf.square(read[outputName]), -1), 1))),
      }),
    },
    target,
  );
  const objective = new Objective([...model.blocks(batch), lossBlock], target);
  const starts = new Random(5);
  const data = Float64Array.from({ length: rows * 2 }, () => starts.normal());
  const run = (values: NamedValues, positions: Int32Array, context: ForwardContext): TaskStep => {
    const scope = new ValueScope(target);
    const numbers = Float64Array.from({ length: batch * 2 }, (_, i) => {
      return data[2 * positions[i >> 1] + (i & 1)] + 0.1 * context.random.normal();
    });
    const inputs: NdArray = ndArray([batch, 2], numbers);
    const [value] = scope.put([inputs]);
    try {
      const step = objectiveStep(
        objective.evaluate({ ...values, [inputsName]: value }, context),
        Object.keys(params),
      );
      return {
        ...step,
        release: () => {
          step.release();
          scope.release();
        },
      };
    } catch (error) {
      scope.release();
      throw error;
    }
  };
  return {
    target,
    params,
    iterationsPerEpoch: rows / batch,
    initialise: (random) => model.initialise(random),
    step: (values, { epochRandom, place, context }: Iteration) =>
      run(values, [...epochBatches(rows, batch, epochRandom)][place], context),
    evaluate: async (values, { random }) => {
      const step = run(values, Int32Array.of(0, 1, 2), { ...evaluation, random });
      step.release();
      return { error: step.loss, nfe: step.nfe };
    },
    dispose: () => {
      objective.dispose();
      lossBlock.dispose();
      model.dispose();
    },
  };
}

/** Options of a short training: 3 epochs of 4 iterations, with STEER and an error penalty. */
export function taskTraining(task: Task, options: Partial<TaskTrainingOptions> = {}): TaskTrainingOptions {
  return {
    task,
    iterations: 12,
    optimizer: adam({ learningRate: 0.01 }),
    regularizers: [errorPenalty({ weight: constant(1) }), steer({ width: 0.5 })],
    seed: 1,
    ...options,
  };
}
