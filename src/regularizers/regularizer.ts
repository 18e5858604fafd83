import type * as tf from "@tensorflow/tfjs-core";
import type { Random } from "../compiler/random.js";
import type { NamedTensors } from "../compiler/trace/trace.js";
import type { Schedule } from "../nn/schedules.js";
import type { OneStepMethod } from "../solvers/ode/method.js";
import type { StepRecord } from "../solvers/ode/step-records.js";

/**
 * What is added to the training of a model, in the list `regularizers`: an object with a name and one function, which says
 * by its name what kind of regularizer it is. Nothing of it remains when the trained model is evaluated.
 */
export type Regularizer =
  | StepRegularizer
  | IntegrandRegularizer
  | ParameterRegularizer
  | LocalRegularizer
  | HorizonRegularizer;

/** What tells regularizers apart. */
interface Named {
  readonly name: string;
  /** What it depends on beside its weight, by name: a training goes on from a checkpoint only with the same. @defaultValue nothing */
  readonly settings?: RegularizerSettings;
}

/** Numbers and choices of a regularizer, as plain data. */
export type RegularizerSettings = Readonly<Record<string, number | string | boolean>>;

/** What all penalties have. */
interface Penalty extends Named {
  /** The factor before the penalty, which may change during training. */
  readonly weight: Schedule;
}

/** A penalty on what the solver knew of its accepted steps: E, S and h. */
export interface StepRegularizer extends Penalty {
  /** The penalty on the accepted steps of a solve by a method, before the weight. */
  steps(accepted: readonly StepRecord[], method: Pick<OneStepMethod, "name" | "stabilitySize">): StepPenalty;
}

/** Value of a penalty on a solve's steps, and its derivatives by E and S of each step; those by h do not count. */
export interface StepPenalty {
  readonly value: number;
  readonly dError: Float64Array;
  readonly dStiffness: Float64Array;
}

/** A penalty that is integrated along the solution, and averaged over the batch: mean over rows of the integral over |dt|. */
export interface IntegrandRegularizer extends Penalty {
  /** Traced: what is integrated, at one time: a number for each row, of shape [batch]. */
  integrand(at: FieldPoint): tf.Tensor;
  /** Draws one element of the probe, which is drawn once for each solve. @defaultValue there is no probe */
  readonly probe?: (random: Random) => number;
  /** Whether the integral's own error has a say in the step sizes. @defaultValue false */
  readonly steers?: boolean;
}

/** A field at a point of its solution, as tensors of a traced function. */
export interface FieldPoint {
  /** The time, a scalar. */
  readonly t: tf.Tensor;
  /** The state; its leading axis is the batch. */
  readonly y: tf.Tensor;
  /** dy/dt at any time and state. */
  field(t: tf.Tensor, y: tf.Tensor): tf.Tensor;
  /** Random numbers of the state's shape, the same throughout the solve. */
  readonly probe: tf.Tensor;
}

/** A penalty on the parameters of the field. */
export interface ParameterRegularizer extends Penalty {
  /** Traced: the penalty, a scalar, of the field's parameters under the names that they have in the model. */
  parameters(params: NamedTensors): tf.Tensor;
}

/**
 * A penalty on the error of a single step that is taken somewhere along the finished solution, the rest of which it leaves
 * alone (Pal, Edelman, Rackauckas, "Locally Regularized Neural Differential Equations", ICML 2023).
 */
export interface LocalRegularizer extends Penalty {
  /** The time at which the step begins. */
  localStepAt(solve: FinishedSolve, random: Random): number;
  /** Whether the step's first stage is differentiated too, or held constant as the state is. @defaultValue "constant" */
  readonly firstStage?: FirstStage;
}

/** What becomes of the first stage of a local step. */
export type FirstStage = "constant" | "differentiated";

/** What is known of a solve when a time is chosen in it. */
export interface FinishedSolve extends Horizon {
  /** The accepted steps, in order. */
  readonly steps: readonly StepRecord[];
}

/** A change of the times of a solve, made anew in every iteration. */
export interface HorizonRegularizer extends Named {
  /** The times of one iteration, from those that the model is made for. */
  horizon(times: Horizon, random: Random): Horizon;
}

/** The times that a solve is asked for. */
export interface Horizon {
  /** Start and end. */
  readonly span: readonly [number, number];
  /** Times, in order, at which the state is saved. */
  readonly saveAt?: readonly number[];
}
