import type { Random } from "../compiler/random.js";
import type { Value } from "../compiler/targets/target.js";
import { ValueScope } from "../compiler/targets/value-scope.js";
import type { Horizon, LocalRegularizer } from "../regularizers/regularizer.js";
import type { OdeGradients } from "../solvers/ode/adjoint.js";
import { BrownianPath } from "../solvers/sde/brownian-path.js";
import { pullbackSdeTrajectory } from "../solvers/sde/sde-adjoint.js";
import { solveSdeValues } from "../solvers/sde/sde-integration.js";
import type { SdeMethod } from "../solvers/sde/sde-method.js";
import type { SdePrograms } from "../solvers/sde/sde-programs.js";
import { sdeMessageOf } from "../solvers/sde/sde-solution.js";
import type { SdeTrajectory } from "../solvers/sde/sde-trajectory.js";
import { sosra } from "../solvers/sde/tableaux/sosra.js";
import { sosri } from "../solvers/sde/tableaux/sosri.js";
import type { StochasticTableau } from "../solvers/sde/tableaux/stochastic-tableau.js";
import type { ForwardContext, SolveRecord } from "./block.js";
import { horizonOf } from "./horizon.js";
import type { InUse } from "./parameter-penalties.js";
import type { ParameterTerm } from "./parameter-penalty.js";
import {
  acceptedSteps,
  type FinishedSolve,
  type SolveCotangents,
  type SolveStart,
} from "./penalised-solve.js";
import type { SdeBlockOptions, SdeSolverOptions } from "./sde-block.js";
import { localSdeStep, sdeStateAt } from "./sde-local-step.js";
import { SolveError } from "./solve-error.js";
import type { StepPenalties } from "./step-penalties.js";

/** The options of a block, with the defaults in place. */
type CompleteOptions = SdeBlockOptions & Required<Omit<SdeSolverOptions, "grid">>;

/** The programs of a method, in use until released. */
type Solver = (method: StochasticTableau | SdeMethod) => InUse<SdePrograms>;

/** An SDE, solved along a path that is drawn from its context. */
export class SolvedSde implements FinishedSolve {
  readonly record: SolveRecord;
  readonly method: SdeMethod;
  readonly state: Value;
  readonly saved: readonly Value[];
  readonly penalty = 0;
  private readonly scope: ValueScope;
  private readonly held: InUse<unknown>[] = [];
  private readonly horizon: Horizon;
  private readonly sde: SdePrograms;
  private readonly trajectory: SdeTrajectory;

  /** @throws SolveError when the solve does not reach its end. */
  constructor(
    private readonly solver: Solver,
    private readonly options: CompleteOptions,
    private readonly start: SolveStart,
    context: ForwardContext,
  ) {
    refuseIntegrands(context);
    this.horizon = horizonOf(context, options);
    this.sde = this.inUse(solver(options.method));
    this.method = this.sde.method;
    this.scope = new ValueScope(this.sde.target);
    try {
      this.trajectory = this.solved(context);
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
    const { sde, start, trajectory, options } = this;
    const cotangents = {
      state: state ? [state] : sde.zeros.state,
      saved: saved?.map((each) => [each]),
      error,
      stiffness,
    };
    return pullbackSdeTrajectory(sde, start.params, trajectory, options, cotangents);
  }

  localTerm(regularizer: LocalRegularizer, weight: number, random: Random): ParameterTerm {
    const { trajectory, horizon, options, sde, start, scope } = this;
    const t = regularizer.localStepAt({ ...horizon, steps: acceptedSteps(trajectory.steps) }, random);
    const state = sdeStateAt(sde, trajectory, t, scope);
    const local = this.inUse(this.solver(sde.signature.noise === "additive" ? sosra : sosri));
    const step = { t, state, end: horizon.span[1], weight, random: random.split("noise") };
    return localSdeStep(local, step, start.params, options, scope);
  }

  release(): void {
    this.scope.release();
    for (const { release } of this.held) release();
  }

  private solved({ differentiate, regularizers, random }: ForwardContext): SdeTrajectory {
    const { sde, options, horizon } = this;
    const { state, params } = this.start;
    const layout = { structure: sde.signature.drift.state, shapes: [state.shape] };
    const path = new BrownianPath(layout, horizon.span[0], random.split("noise"));
    const trajectory = solveSdeValues(
      sde,
      { state: [state], params, span: horizon.span, path },
      {
        ...options,
        saveAt: horizon.saveAt,
        tape: differentiate || regularizers.some((each) => "localStepAt" in each),
        remembersPath: false,
        ...(differentiate ? {} : { residualBytes: 0 }),
      },
    );
    this.inUse({ value: trajectory, release: () => trajectory.release() });
    const { code, t, stats } = trajectory;
    if (code !== "success") throw new SolveError(sdeMessageOf(code, t, stats, sde.target.precision));
    return trajectory;
  }

  private inUse<T>(shared: InUse<T>): T {
    this.held.push(shared);
    return shared.value;
  }
}

function refuseIntegrands({ regularizers }: ForwardContext): void {
  const integrand = regularizers.find((each) => "integrand" in each);
  if (!integrand) return;
  throw new RangeError(
    `sdeBlock: the regularizer "${integrand.name}" integrates along the solution of an ordinary equation; ` +
      "for a stochastic one use errorPenalty, stiffnessPenalty, localErrorPenalty or a penalty on parameters",
  );
}
