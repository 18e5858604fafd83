import type * as tf from "@tensorflow/tfjs-core";
import type { Leaves } from "./combined.js";
import type { ErrorWeights } from "./scaled-norm.js";

/** A vector field on the leaves of a state, in a traced function. */
export type LeafField = (t: tf.Tensor, y: Leaves) => tf.Tensor[];

/** Where a step starts, as tensors of a traced function. */
export interface StepStart extends ErrorWeights {
  readonly t: tf.Tensor;
  readonly h: tf.Tensor;
  readonly y: Leaves;
  /** The first stage, where it is known from the step before. */
  readonly slope?: Leaves;
  /** Whether dense output is wanted; a method without a polynomial of its own needs more slopes for it. */
  readonly dense: boolean;
}

/** Everything a step yields. Error and stiffness are there if the method has them. */
export interface StepResults {
  readonly next: tf.Tensor[];
  /** Last stage: the next step's first, if the method is FSAL. */
  readonly lastSlope: tf.Tensor[];
  readonly error?: tf.Tensor;
  /** Root mean square of the last stage over the error scale, from which the rounding floor follows. */
  readonly slopeNorm: tf.Tensor;
  readonly stiffness?: tf.Tensor;
  /** Coefficients of the powers of theta in dense output, leaf by leaf; none if not wanted. */
  readonly dense: readonly Leaves[];
}

/** A method that goes from step to step with nothing but the state and, perhaps, its slope: all that a solver knows of it. */
export interface OneStepMethod {
  readonly name: string;
  /** Order of the solution that is carried on. */
  readonly order: number;
  /** Order in h of the error estimate. */
  readonly errorOrder: number;
  /** Whether the last slope of a step is the first of the next. */
  readonly carriesSlope: boolean;
  /** Whether it estimates its error: without, only prescribed steps can be taken. */
  readonly estimatesError: boolean;
  readonly estimatesStiffness: boolean;
  /** Length of the stability region along the negative real axis; absent where it has no end. */
  readonly stabilitySize?: number;
  /** Degree in theta of the polynomial of dense output. */
  readonly denseDegree: number;
  /** Euclidean norm of the slopes' weights in the error estimate, by which it inherits their rounding. */
  readonly errorWeightNorm: number;
  /** Field evaluations per attempt, with or without dense output. */
  evaluations(dense: boolean): number;
  /** Jacobians per attempt. */
  readonly jacobians: number;
  /** The step in ordinary tfjs operations. */
  step(field: LeafField, start: StepStart): StepResults;
}
