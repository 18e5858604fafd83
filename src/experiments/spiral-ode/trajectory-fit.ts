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

const targetsName = "targets";

/**
 * The fit of a model's trajectory to given states: the loss is the sum of squared differences. Every iteration sees the
 * whole trajectory, and an evaluation has its `nfe` and `loss` without penalties. The model remains the caller's.
 */
export class TrajectoryFit implements Task {
  readonly target: Target;
  readonly params: Readonly<Record<string, Shape>>;
  readonly iterationsPerEpoch = 1;
  private readonly lossBlock: Block;
  private readonly objective: Objective;
  private readonly scope: ValueScope;
  private readonly data: NamedValues;

  /** @param start of shape [1, features]; states of shape [times, 1, features] */
  constructor(
    private readonly model: Model,
    start: NdArray,
    states: NdArray,
  ) {
    const { target, params } = model;
    this.target = target;
    this.params = params;
    this.lossBlock = tracedBlock(
      {
        reads: { [outputName]: states.shape, [targetsName]: states.shape },
        withRespectTo: [outputName],
        of: [lossName],
        run: (read) => ({ [lossName]: tf.sum(tf.squaredDifference(read[outputName], read[targetsName])) }),
      },
      target,
    );
    this.objective = new Objective([...model.blocks(1), this.lossBlock], target);
    this.scope = new ValueScope(target);
    const [inputs, targets] = this.scope.own([target.put(start), target.put(states)]);
    this.data = { [inputsName]: inputs, [targetsName]: targets };
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

  /** The forward pass; the caller releases it. */
  value(params: NamedValues, context: ForwardContext = evaluation): ObjectiveValue {
    return this.objective.evaluate({ ...params, ...this.data }, context);
  }

  /** Frees the data, and gives back the programs; the model's own stay. */
  dispose(): void {
    this.scope.release();
    this.objective.dispose();
    this.lossBlock.dispose();
  }
}
