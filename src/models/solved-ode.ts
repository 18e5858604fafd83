import type { Random } from "../compiler/random.js";
import type { Value } from "../compiler/targets/target.js";
import { ValueScope } from "../compiler/targets/value-scope.js";
import type { Horizon, IntegrandRegularizer, LocalRegularizer } from "../regularizers/regularizer.js";
import { type OdeGradients, pullbackTrajectory } from "../solvers/ode/adjoint.js";
import { solveValues, type Trajectory } from "../solvers/ode/integrate-values.js";
import type { OneStepMethod } from "../solvers/ode/method.js";
import type { OdePrograms } from "../solvers/ode/ode-programs.js";
import { messageOf } from "../solvers/ode/solution.js";
import { tsit5 } from "../solvers/tableaux/tsit5.js";
import type { ForwardContext, SolveRecord } from "./block.js";
import type { FieldPrograms } from "./field-programs.js";
import { horizonOf } from "./horizon.js";
import { drawnProbes, type IntegralPenalties, integralPenalties, integrandsAmong } from "./integrals.js";
import { localStep, stateAt } from "./local-step.js";
import type { OdeBlockOptions } from "./ode-block.js";
import type { InUse } from "./parameter-penalties.js";
import type { ParameterTerm } from "./parameter-penalty.js";
import {
  acceptedSteps,
  type FinishedSolve,
  type SolveCotangents,
  type SolveStart,
} from "./penalised-solve.js";
import { SolveError } from "./solve-error.js";
import type { StepPenalties } from "./step-penalties.js";

/** An ODE, solved with the integrals of penalties beside it. */
export class SolvedOde implements FinishedSolve {
  readonly record: SolveRecord;
  readonly method: OneStepMethod;
  readonly state: Value;
  readonly saved: readonly Value[];
  readonly penalty: number;
  private readonly scope: ValueScope;
  private readonly held: InUse<unknown>[] = [];
  private readonly horizon: Horizon;
  private readonly integrands: readonly IntegrandRegularizer[];
  private readonly ode: OdePrograms;
  private readonly trajectory: Trajectory;
  /** The field's parameters, and the probes. */
  private readonly params: readonly Value[];
  private readonly integrals: IntegralPenalties;

  /** @throws SolveError when the solve does not reach its end. */
  constructor(
    private readonly programs: FieldPrograms,
    private readonly options: OdeBlockOptions,
    private readonly start: SolveStart,
    context: ForwardContext,
  ) {
    this.horizon = horizonOf(context, options);
    this.integrands = integrandsAmong(context.regularizers);
    this.ode = this.inUse(programs.ode(options.method, this.integrands));
    this.method = this.ode.step.method;
    this.scope = new ValueScope(this.ode.target);
    try {
      const probes = drawnProbes(this.integrands, start.state.shape, context, this.scope);
      this.params = [...start.params, ...probes];
      this.trajectory = this.solved(context);
      this.integrals = integralPenalties(this.integrands, this.ode, this.trajectory, this.horizon, context);
      this.penalty = this.integrals.value;
    } catch (error) {
      this.release();
      throw error;
    }
    const { state, saved, steps, stats } = this.trajectory;
    [this.state] = state;
    this.saved = saved.map(([entry]) => entry);
    this.record = { steps, stats };
  }

  pullback({ state, saved }: SolveCotangents, { error, stiffness }: StepPenalties): OdeGradients {
    const { ode, integrals, start } = this;
    const scope = new ValueScope(ode.target);
    try {
      const [zero, ...unused] = ode.zeros.state;
      const cotangents = {
        state: [state ?? zero, ...scope.put(integrals.cotangents)],
        saved: saved?.map((each) => [each, ...unused]),
        error,
        stiffness,
      };
      const swept = pullbackTrajectory(ode, this.params, this.trajectory, this.options, cotangents);
      scope.own([...swept.state, ...swept.params]);
      return {
        state: scope.surrender(swept.state.slice(0, 1)),
        params: scope.surrender(swept.params.slice(0, start.params.length)),
      };
    } finally {
      scope.release();
    }
  }

  localTerm(regularizer: LocalRegularizer, weight: number, random: Random): ParameterTerm {
    const { trajectory, horizon, options, scope } = this;
    const { firstStage } = regularizer;
    const t = regularizer.localStepAt({ ...horizon, steps: acceptedSteps(trajectory.steps) }, random);
    const state = stateAt(trajectory, t, this.params, options, scope);
    const ode = this.inUse(this.programs.ode(tsit5));
    const step = { t, state, end: horizon.span[1], weight, firstStage };
    return localStep(ode, step, this.start.params, options, scope);
  }

  release(): void {
    this.scope.release();
    for (const { release } of this.held) release();
  }

  private solved({ differentiate, regularizers }: ForwardContext): Trajectory {
    const { ode, params, options, horizon } = this;
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

  private inUse<T>(shared: InUse<T>): T {
    this.held.push(shared);
    return shared.value;
  }
}
