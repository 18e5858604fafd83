import type { Value } from "../compiler/targets/target.js";
import { ValueScope } from "../compiler/targets/value-scope.js";
import type { Horizon, IntegrandRegularizer, LocalRegularizer } from "../regularizers/regularizer.js";
import { type OdeGradients, pullbackTrajectory } from "../solvers/ode/adjoint.js";
import { solveValues, type Trajectory } from "../solvers/ode/integrate-values.js";
import type { OdePrograms } from "../solvers/ode/ode-programs.js";
import { messageOf } from "../solvers/ode/solution.js";
import type { StepRecord } from "../solvers/ode/step-records.js";
import { tsit5 } from "../solvers/tableaux/tsit5.js";
import type { ForwardContext } from "./block.js";
import type { FieldPrograms, InUse } from "./field-programs.js";
import { horizonOf } from "./horizon.js";
import { drawnProbes, type IntegralPenalties, integralPenalties, integrandsAmong } from "./integrals.js";
import { localStep, stateAt } from "./local-step.js";
import type { OdeBlockOptions } from "./ode-block.js";
import type { ParameterTerm } from "./parameter-penalty.js";
import { SolveError } from "./solve-error.js";
import { type StepPenalties, stepPenalties } from "./step-penalties.js";

/** Where a penalised solve starts; the values stay the caller's. */
export interface SolveStart {
  readonly state: Value;
  readonly params: readonly Value[];
}

/** Derivatives of a loss by what a penalised solve yields, the penalties apart; missing ones are zero. */
export interface SolveCotangents {
  readonly state?: Value;
  readonly saved?: readonly Value[];
}

/** A solve together with all its penalties, and their common derivative. */
export class PenalisedSolve {
  readonly trajectory: Trajectory;
  /** Sum of the weighted penalties. */
  readonly penalty: number;
  private readonly scope: ValueScope;
  private readonly held: InUse<unknown>[] = [];
  private readonly horizon: Horizon;
  private readonly integrands: readonly IntegrandRegularizer[];
  private readonly ode: OdePrograms;
  /** The field's parameters, and the probes. */
  private readonly params: readonly Value[];
  private readonly onSteps: StepPenalties;
  private readonly integrals: IntegralPenalties;
  private readonly terms: readonly ParameterTerm[];

  /** @throws SolveError when the solve does not reach its end. */
  constructor(
    private readonly programs: FieldPrograms,
    private readonly options: OdeBlockOptions,
    private readonly start: SolveStart,
    private readonly context: ForwardContext,
  ) {
    this.horizon = horizonOf(context, options);
    this.integrands = integrandsAmong(context.regularizers);
    this.ode = this.inUse(programs.ode(options.method, this.integrands));
    this.scope = new ValueScope(this.ode.target);
    try {
      const probes = drawnProbes(this.integrands, start.state.shape, context, this.scope);
      this.params = [...start.params, ...probes];
      this.trajectory = this.solved();
      this.onSteps = stepPenalties(context, this.accepted(), this.ode.step.method);
      this.integrals = integralPenalties(this.integrands, this.ode, this.trajectory, this.horizon, context);
      this.terms = this.parameterTerms();
      const parts = [this.onSteps, this.integrals, ...this.terms];
      this.penalty = parts.reduce((sum, { value }) => sum + value, 0);
    } catch (error) {
      this.release();
      throw error;
    }
  }

  /** Gradients for the initial state and the field's parameters; the caller frees them. */
  pullback({ state, saved }: SolveCotangents): OdeGradients {
    const { ode, onSteps, integrals, start } = this;
    const scope = new ValueScope(ode.target);
    try {
      const [zero, ...unused] = ode.zeros.state;
      const cotangents = {
        state: [state ?? zero, ...scope.put(integrals.cotangents)],
        saved: saved?.map((each) => [each, ...unused]),
        error: onSteps.error,
        stiffness: onSteps.stiffness,
      };
      const swept = pullbackTrajectory(ode, this.params, this.trajectory, this.options, cotangents);
      scope.own([...swept.state, ...swept.params]);
      let params: readonly Value[] = swept.params.slice(0, start.params.length);
      for (const term of this.terms) {
        const sums = scope.own(term.pullback(params));
        scope.free(params);
        params = sums;
      }
      return { state: scope.surrender(swept.state.slice(0, 1)), params: scope.surrender(params) };
    } finally {
      scope.release();
    }
  }

  /** Frees everything; nothing of the solve can be used afterwards. */
  release(): void {
    this.scope.release();
    for (const { release } of this.held) release();
  }

  private solved(): Trajectory {
    const { ode, params, options, horizon, context } = this;
    const { differentiate, regularizers } = context;
    const state = [this.start.state];
    if (this.integrands.length > 0) state.push(...ode.zeros.state.slice(1));
    const trajectory = solveValues(
      ode,
      { state, params, span: horizon.span },
      {
        ...options,
        saveAt: horizon.saveAt,
        tape: differentiate || regularizers.some((each) => "localStepAt" in each),
        ...(differentiate ? {} : { residualBytes: 0 }),
      },
    );
    this.inUse({ value: trajectory, release: () => trajectory.release() });
    const { code, t, stats } = trajectory;
    if (code !== "success") throw new SolveError(messageOf(code, t, stats, ode.target.precision));
    return trajectory;
  }

  private accepted(): readonly StepRecord[] {
    return this.trajectory.steps.filter((step) => step.accepted);
  }

  /** What the penalties on parameters and local steps add. */
  private parameterTerms(): ParameterTerm[] {
    const { regularizers, progress } = this.context;
    return regularizers.flatMap((each, i) => {
      if ("localStepAt" in each) return [this.localTerm(each, i)];
      if (!("parameters" in each)) return [];
      return [this.inUse(this.programs.parameterPenalty(each)).at(this.start.params, each.weight(progress))];
    });
  }

  private localTerm(regularizer: LocalRegularizer, i: number): ParameterTerm {
    const { trajectory, horizon, options, scope, context } = this;
    const { name, firstStage } = regularizer;
    const random = context.random.split(`${name} ${i}`);
    const t = regularizer.localStepAt({ ...horizon, steps: this.accepted() }, random);
    const state = stateAt(trajectory, t, this.params, options, scope);
    const ode = this.inUse(this.programs.ode(tsit5));
    const weight = regularizer.weight(context.progress);
    const step = { t, state, end: horizon.span[1], weight, firstStage };
    return localStep(ode, step, this.start.params, options, scope);
  }

  private inUse<T>(shared: InUse<T>): T {
    this.held.push(shared);
    return shared.value;
  }
}
