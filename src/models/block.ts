import { Random } from "../compiler/random.js";
import type { NamedValues } from "../compiler/targets/target.js";
import type { Regularizer } from "../regularizers/regularizer.js";
import type { SolveStatistics } from "../solvers/ode/solution.js";
import type { StepRecord } from "../solvers/ode/step-records.js";
import type { SdeStatistics } from "../solvers/sde/sde-solution.js";

/** What a forward pass is for. */
export interface ForwardContext {
  /** Whether the pullback will be called. */
  readonly differentiate: boolean;
  readonly regularizers: readonly Regularizer[];
  /** Fraction of the training that is done, for weights that change. */
  readonly progress: number;
  /** The random numbers of this pass: whoever needs some splits off a stream of its own, and never draws from this one. */
  readonly random: Random;
}

/** A part of a model: it reads named values and writes named values. */
export interface Block {
  /** Runs the block. The values read stay the caller's; those written belong to the run. */
  forward(read: NamedValues, context: ForwardContext): BlockRun;
  /** Gives back what the block compiled; it must not run afterwards. */
  dispose(): void;
}

/** What is known of a finished solve, of an ordinary or a stochastic equation. */
export interface SolveRecord {
  /** Every attempted step, in order. */
  readonly steps: readonly StepRecord[];
  readonly stats: SolveStatistics | SdeStatistics;
}

/** One run of a block. */
export interface BlockRun {
  readonly written: NamedValues;
  /** What the run adds to the loss besides what it writes: weighted penalties. */
  readonly penalty: number;
  /** The solve, if the block is one. */
  readonly solve?: SolveRecord;
  /** Gradients for what was read, from those of what was written; missing cotangents are zero. The caller frees them. */
  pullback(cotangents: NamedValues): NamedValues;
  /** Frees what was written and what the pullback needs. */
  release(): void;
}

/** A context for evaluation alone. */
export const evaluation: ForwardContext = {
  differentiate: false,
  regularizers: [],
  progress: 1,
  random: new Random(0),
};
