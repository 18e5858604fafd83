import type { NdArray } from "../compiler/nd-array.js";
import type { Random } from "../compiler/random.js";
import type { Shape } from "../compiler/shape.js";
import type { NamedValues, Target } from "../compiler/targets/target.js";
import type { ForwardContext } from "../models/block.js";

/** Numbers by name, such as `accuracy`. */
export type Measures = Readonly<Record<string, number>>;

/** What is measured now and then. */
export interface Evaluation extends Measures {
  /** Function evaluations of a solve that is the same one each time; 0 without a solver. */
  readonly nfe: number;
}

/** One iteration, as a task sees it. */
export interface Iteration {
  /** 1, 2, ... */
  readonly number: number;
  /** Whole epochs before it: 0, 1, ... */
  readonly epoch: number;
  /** Its place in the epoch: 0 to `iterationsPerEpoch` - 1. */
  readonly place: number;
  /** The stream of its epoch, the same in all its iterations: for the order of the samples. */
  readonly epochRandom: Random;
  /** What a forward pass needs; its stream is the iteration's own. */
  readonly context: ForwardContext;
}

/** One forward pass of a task, and what comes back from it. */
export interface TaskStep {
  /** Loss without penalties. */
  readonly loss: number;
  /** Weighted penalties. */
  readonly penalty: number;
  /** Function evaluations of the solves; 0 without a solver. */
  readonly nfe: number;
  /** What else there is to see of this batch. */
  readonly measures: Measures;
  /** Gradients of loss + penalty for every parameter; the caller frees them. */
  gradients(): NamedValues;
  /** Frees what the forward pass keeps. */
  release(): void;
}

/** How an evaluation proceeds. */
export interface EvaluationContext {
  /** The same stream at every evaluation of a training. */
  readonly random: Random;
  /** Stops the evaluation, where it takes long. */
  readonly signal?: AbortSignal;
}

/**
 * Something to train: what has parameters, gives a loss with gradients, and is measured now and then.
 *
 * A task keeps nothing from one iteration to the next: what it does follows from the parameters and the iteration alone, so
 * that a training that was interrupted goes on as if it had not been. It may throw a SolveError, or a NotFiniteError by
 * `requireFinite`; the training then stops, retries or skips by its policy.
 */
export interface Task {
  readonly target: Target;
  readonly params: Readonly<Record<string, Shape>>;
  /** Iterations that go over all samples once; 1 where every iteration sees all of them. */
  readonly iterationsPerEpoch: number;
  /** Draws initial parameters from a seeded stream. */
  initialise(random: Random): Readonly<Record<string, NdArray>>;
  /** The forward pass of an iteration, at these parameters, which stay the caller's. */
  step(params: NamedValues, iteration: Iteration): TaskStep;
  /** Measures these parameters, which stay the caller's. */
  evaluate(params: NamedValues, context: EvaluationContext): Promise<Evaluation>;
}
