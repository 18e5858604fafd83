import type { NdArray } from "../../src/compiler/nd-array.js";
import { Random } from "../../src/compiler/random.js";
import type { NamedValues, Target } from "../../src/compiler/targets/target.js";
import type { Block, ForwardContext, SolveRecord } from "../../src/models/block.js";
import type { Regularizer } from "../../src/regularizers/regularizer.js";
import type { StepRecord } from "../../src/solvers/ode/step-records.js";
import { withValues } from "../models/small-objective.js";

/** Arrays by the names of the block. */
export type Arrays = Readonly<Record<string, NdArray>>;

/** What a pass through the block shows. */
export interface Pass {
  readonly penalty: number;
  readonly steps: readonly StepRecord[];
  readonly stats: SolveRecord["stats"] | undefined;
  readonly written: Arrays;
  readonly gradients: Arrays;
}

/** A block that solves, with numbers for what it reads. */
export class PenalisedBlock {
  /** @param options - those of the block, which reads its grid from them at every pass */
  constructor(
    private readonly block: Block,
    private readonly options: { grid?: readonly number[] },
    readonly arrays: Arrays,
    readonly target: Target,
  ) {}

  /** Solves with regularizers; the gradients are those of the penalty alone, or of <cotangents, written> too. */
  pass(
    regularizers: readonly Regularizer[],
    { arrays = this.arrays, cotangents = {} as Arrays, random = new Random(1) } = {},
  ): Pass {
    const { target, block } = this;
    const context: ForwardContext = { differentiate: true, regularizers, progress: 0.5, random };
    const host = (values: NamedValues): Arrays =>
      Object.fromEntries(Object.entries(values).map(([name, value]) => [name, target.get(value)]));
    return withValues(arrays, target, (read) =>
      withValues(cotangents, target, (given) => {
        const run = block.forward(read, context);
        const pulled = run.pullback(given);
        const gradients = host(pulled);
        const written = host(run.written);
        for (const value of Object.values(pulled)) target.free(value);
        run.release();
        const { steps = [], stats } = run.solve ?? {};
        return { penalty: run.penalty, steps, stats, written, gradients };
      }),
    );
  }

  /** The penalty alone, without a derivative. */
  penalty(regularizers: readonly Regularizer[], arrays: Arrays, random = new Random(1)): number {
    return withValues(arrays, this.target, (read) => {
      const run = this.block.forward(read, { differentiate: false, regularizers, progress: 0.5, random });
      run.release();
      return run.penalty;
    });
  }

  /** From now on takes the steps that were accepted, whatever their error. */
  freeze(steps: readonly StepRecord[], end: number): void {
    const accepted = steps.filter((step) => step.accepted);
    this.options.grid = accepted.map((_, i) => accepted[i + 1]?.t ?? end);
  }

  dispose(): void {
    this.block.dispose();
  }
}
