import type { Random } from "../compiler/random.js";
import type { Target, Value } from "../compiler/targets/target.js";
import { ValueScope } from "../compiler/targets/value-scope.js";
import type { LocalRegularizer } from "../regularizers/regularizer.js";
import type { OdeGradients } from "../solvers/ode/adjoint.js";
import type { OneStepMethod } from "../solvers/ode/method.js";
import type { StepRecord } from "../solvers/ode/step-records.js";
import type { ForwardContext, SolveRecord } from "./block.js";
import type { InUse, ParameterPenalties } from "./parameter-penalties.js";
import type { ParameterTerm } from "./parameter-penalty.js";
import { type StepPenalties, stepPenalties } from "./step-penalties.js";

/** Where a solve starts; the values stay the caller's. */
export interface SolveStart {
  readonly state: Value;
  readonly params: readonly Value[];
}

/** Derivatives of a loss by what a solve yields; missing ones are zero. */
export interface SolveCotangents {
  readonly state?: Value;
  readonly saved?: readonly Value[];
}

/** A finished solve of whatever equation, as far as penalties look at it. */
export interface FinishedSolve {
  readonly record: SolveRecord;
  readonly method: Pick<OneStepMethod, "name" | "stabilitySize">;
  /** The final state, and those at `saveAt`; they belong to the solve. */
  readonly state: Value;
  readonly saved: readonly Value[];
  /** Weighted penalties that were integrated along the solution. */
  readonly penalty: number;
  /** Gradients of those, and of what is told about states and about E and S of each accepted step; the caller frees them. */
  pullback(cotangents: SolveCotangents, onSteps: StepPenalties): OdeGradients;
  /** The penalty on one more step, somewhere along the solution. */
  localTerm(regularizer: LocalRegularizer, weight: number, random: Random): ParameterTerm;
  /** Frees everything; nothing of the solve can be used afterwards. */
  release(): void;
}

/** A solve together with all its penalties, and their common derivative. */
export class PenalisedSolve {
  /** Sum of the weighted penalties. */
  readonly penalty: number;
  private readonly held: InUse<unknown>[] = [];
  private readonly onSteps: StepPenalties;
  private readonly terms: readonly ParameterTerm[];

  /** Takes the solve over; it is released where a penalty throws. */
  constructor(
    readonly solve: FinishedSolve,
    private readonly penalties: ParameterPenalties,
    private readonly start: SolveStart,
    private readonly context: ForwardContext,
    private readonly target: Target,
  ) {
    try {
      this.onSteps = stepPenalties(context, acceptedSteps(solve.record.steps), solve.method);
      this.terms = this.parameterTerms();
      const parts = [this.onSteps, ...this.terms];
      this.penalty = parts.reduce((sum, { value }) => sum + value, solve.penalty);
    } catch (error) {
      this.release();
      throw error;
    }
  }

  /** Gradients for the initial state and the field's parameters; the caller frees them. */
  pullback(cotangents: SolveCotangents): OdeGradients {
    const scope = new ValueScope(this.target);
    try {
      const { state, params: swept } = this.solve.pullback(cotangents, this.onSteps);
      scope.own([...state, ...swept]);
      let params = swept;
      for (const term of this.terms) {
        const sums = scope.own(term.pullback(params));
        scope.free(params);
        params = sums;
      }
      return { state: scope.surrender(state), params: scope.surrender(params) };
    } finally {
      scope.release();
    }
  }

  /** Frees everything; nothing of the solve can be used afterwards. */
  release(): void {
    this.solve.release();
    for (const { release } of this.held) release();
  }

  /** What the penalties on parameters and local steps add. */
  private parameterTerms(): ParameterTerm[] {
    const { regularizers, progress, random } = this.context;
    return regularizers.flatMap((each, i) => {
      if ("localStepAt" in each) {
        return [this.solve.localTerm(each, each.weight(progress), random.split(`${each.name} ${i}`))];
      }
      if (!("parameters" in each)) return [];
      const penalty = this.penalties.get(each);
      this.held.push(penalty);
      return [penalty.value.at(this.start.params, each.weight(progress))];
    });
  }
}

/** The steps that were taken, in order. */
export function acceptedSteps(steps: readonly StepRecord[]): readonly StepRecord[] {
  return steps.filter((step) => step.accepted);
}
