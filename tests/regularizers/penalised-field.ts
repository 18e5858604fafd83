import type { NdArray } from "../../src/compiler/nd-array.js";
import { Random } from "../../src/compiler/random.js";
import { javascriptTarget } from "../../src/compiler/targets/javascript/javascript-target.js";
import type { NamedValues, Target } from "../../src/compiler/targets/target.js";
import type { ForwardContext } from "../../src/models/block.js";
import { fieldSignature } from "../../src/models/field-signature.js";
import { odeBlock } from "../../src/models/ode-block.js";
import type { Regularizer } from "../../src/regularizers/regularizer.js";
import type { SolverMethod } from "../../src/solvers/ode/auto-switch.js";
import { integralController } from "../../src/solvers/ode/controllers.js";
import type { StepRecord } from "../../src/solvers/ode/step-records.js";
import { tsit5 } from "../../src/solvers/tableaux/tsit5.js";
import { withValues } from "../models/small-objective.js";
import type { SmallField } from "./small-fields.js";

/** Arrays by the names of the block: "inputs" and "field...." */
export type Arrays = Readonly<Record<string, NdArray>>;

/** How the field is solved. */
export interface SolveSettings {
  readonly tolerance?: number;
  readonly span?: readonly [number, number];
  readonly saveAt?: readonly number[];
  readonly method?: SolverMethod;
  readonly target?: Target;
}

/** What a pass through the block shows. */
export interface Pass {
  readonly penalty: number;
  readonly steps: readonly StepRecord[];
  readonly written: Arrays;
  readonly gradients: Arrays;
}

/** A field in an ODE block, with numbers for what it reads. */
export class PenalisedField {
  readonly arrays: Arrays;
  readonly target: Target;
  private readonly block;
  private readonly options;

  constructor({ layer, params, inputs }: SmallField, settings: SolveSettings = {}) {
    const { tolerance = 1e-5, span = [0, 1], saveAt, method = tsit5, target = javascriptTarget } = settings;
    const own = Object.entries(params).map(([name, array]) => [`field.${name}`, array] as const);
    this.arrays = { inputs, ...Object.fromEntries(own) };
    this.target = target;
    this.options = {
      field: fieldSignature(layer, inputs.shape),
      method,
      rtol: tolerance,
      atol: tolerance,
      controller: integralController,
      maxSteps: 1000,
      span,
      saveAt,
      grid: undefined as readonly number[] | undefined,
      names: {
        state: "inputs",
        params: own.map(([name]) => name),
        result: "final",
        ...(saveAt && { saved: "saved" }),
      },
    };
    this.block = odeBlock(this.options, target);
  }

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
        return { penalty: run.penalty, steps: run.solve?.steps ?? [], written, gradients };
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
