import type * as tf from "@tensorflow/tfjs-core";
import type { NdArray } from "../compiler/nd-array.js";
import type { Random } from "../compiler/random.js";
import type { Shape } from "../compiler/shape.js";
import type { NamedValues, Target } from "../compiler/targets/target.js";
import { ValueScope } from "../compiler/targets/value-scope.js";
import type { NamedTensors } from "../compiler/trace/trace.js";
import { type Block, evaluation, type ForwardContext } from "../models/block.js";
import { inputsName, type Model, outputName } from "../models/model.js";
import { lossName, Objective, type ObjectiveValue } from "../models/objective.js";
import { tracedBlock } from "../models/traced-block.js";
import { requireFinite } from "./not-finite-error.js";
import { functionEvaluations, objectiveStep } from "./objective-step.js";
import type { Evaluation, EvaluationContext, Iteration, Task, TaskStep } from "./task.js";

/** What is fitted to what. */
export interface WholeFitOptions {
  readonly model: Model;
  /** Rows that the model reads. */
  readonly inputs: NdArray;
  /** What the output is compared with, by name. */
  readonly data: Readonly<Record<string, NdArray>>;
  /** A scalar of the model's output and the data. */
  readonly loss: (output: tf.Tensor, data: NamedTensors) => tf.Tensor;
}

/**
 * A model fitted to data that every iteration sees as a whole: an epoch is one iteration, and an evaluation has the `nfe` and
 * the `loss` without penalties. The model remains the caller's.
 */
export class WholeFit implements Task {
  readonly target: Target;
  readonly params: Readonly<Record<string, Shape>>;
  readonly iterationsPerEpoch = 1;
  private readonly model: Model;
  private readonly lossBlock: Block;
  private readonly objective: Objective;
  private readonly scope: ValueScope;
  private readonly read: NamedValues;

  constructor({ model, inputs, data, loss }: WholeFitOptions) {
    const { target, params } = model;
    const [rows] = inputs.shape;
    this.model = model;
    this.target = target;
    this.params = params;
    const shapes = Object.entries(data).map(([name, { shape }]) => [name, shape] as const);
    this.lossBlock = tracedBlock(
      {
        reads: { [outputName]: model.outputShape(rows), ...Object.fromEntries(shapes) },
        withRespectTo: [outputName],
        of: [lossName],
        run: ({ [outputName]: output, ...others }) => ({ [lossName]: loss(output, others) }),
      },
      target,
    );
    this.objective = new Objective([...model.blocks(rows), this.lossBlock], target);
    this.scope = new ValueScope(target);
    const arrays = Object.entries({ [inputsName]: inputs, ...data });
    this.read = Object.fromEntries(
      arrays.map(([name, array]) => [name, this.scope.own([target.put(array)])[0]]),
    );
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
    return this.objective.evaluate({ ...params, ...this.read }, context);
  }

  /** Frees the data, and gives back the programs; the model's own stay. */
  dispose(): void {
    this.scope.release();
    this.objective.dispose();
    this.lossBlock.dispose();
  }
}
