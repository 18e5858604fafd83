import * as tf from "@tensorflow/tfjs-core";
import type { NdArray } from "../../compiler/nd-array.js";
import type { Random } from "../../compiler/random.js";
import type { Shape } from "../../compiler/shape.js";
import type { NamedValues, Target } from "../../compiler/targets/target.js";
import { ValueScope } from "../../compiler/targets/value-scope.js";
import { type Block, evaluation, type ForwardContext } from "../../models/block.js";
import { inputsName, type Model, outputName } from "../../models/model.js";
import { lossName, Objective, type ObjectiveValue } from "../../models/objective.js";
import { tracedBlock } from "../../models/traced-block.js";
import { requireFinite } from "../../training/not-finite-error.js";
import { functionEvaluations, objectiveStep } from "../../training/objective-step.js";
import type { Evaluation, EvaluationContext, Iteration, Task, TaskStep } from "../../training/task.js";
import type { Moments } from "./moments.js";
import { spiralStarts } from "./stochastic-spiral.js";

const [meansName, variancesName] = ["means", "variances"];

/**
 * The fit of a model's means and variances over paths to given ones: the loss is the mean of squared differences of the means
 * and that of the variances (Pal et al., ICML 2021, code; their equation 16 has sums). Every iteration solves new paths as
 * one system; evaluations, which have `nfe` and `loss` without penalties, all see the same. The model remains the caller's.
 */
export class MomentFit implements Task {
  readonly target: Target;
  readonly params: Readonly<Record<string, Shape>>;
  readonly iterationsPerEpoch = 1;
  private readonly lossBlock: Block;
  private readonly objective: Objective;
  private readonly scope: ValueScope;
  private readonly data: NamedValues;

  /** @param paths of the model in a forward pass, at least 2 */
  constructor(
    private readonly model: Model,
    { means, variances }: Moments,
    paths: number,
  ) {
    const { target, params } = model;
    this.target = target;
    this.params = params;
    this.lossBlock = tracedBlock(
      {
        reads: {
          [outputName]: model.outputShape(paths),
          [meansName]: means.shape,
          [variancesName]: variances.shape,
        },
        withRespectTo: [outputName],
        of: [lossName],
        run: (read) => ({ [lossName]: momentLoss(read[outputName], read[meansName], read[variancesName]) }),
      },
      target,
    );
    this.objective = new Objective([...model.blocks(paths), this.lossBlock], target);
    this.scope = new ValueScope(target);
    const arrays = [spiralStarts(paths), means, variances];
    const [inputs, meansValue, variancesValue] = this.scope.own(arrays.map((array) => target.put(array)));
    this.data = { [inputsName]: inputs, [meansName]: meansValue, [variancesName]: variancesValue };
  }

  initialise(random: Random): Readonly<Record<string, NdArray>> {
    return this.model.initialise(random);
  }

  step(params: NamedValues, { context }: Iteration): TaskStep {
    return objectiveStep(this.value(params, context), Object.keys(this.params));
  }

  async evaluate(params: NamedValues, { random }: EvaluationContext): Promise<Evaluation> {
    const value = this.value(params, { ...evaluation, random });
    value.release();
    requireFinite("loss", value.loss);
    return { nfe: functionEvaluations(value), loss: value.loss };
  }

  /** The forward pass along the paths of a context's noise; the caller releases it. */
  value(params: NamedValues, context: ForwardContext): ObjectiveValue {
    return this.objective.evaluate({ ...params, ...this.data }, context);
  }

  /** Frees the data, and gives back the programs; the model's own stay. */
  dispose(): void {
    this.scope.release();
    this.objective.dispose();
    this.lossBlock.dispose();
  }
}

/** Of states of shape [times, paths, 2]. */
function momentLoss(states: tf.Tensor, means: tf.Tensor, variances: tf.Tensor): tf.Tensor {
  const [, paths] = states.shape;
  const mean = tf.mean(states, 1, true);
  const variance = tf.div(tf.sum(tf.squaredDifference(states, mean), 1), paths - 1);
  const meanLoss = tf.mean(tf.squaredDifference(tf.squeeze(mean, [1]), means));
  return tf.add(meanLoss, tf.mean(tf.squaredDifference(variance, variances)));
}
