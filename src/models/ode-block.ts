import type { NamedValues, Value } from "../compiler/targets/target.js";
import type { Regularizer } from "../regularizers/regularizer.js";
import { pullbackTrajectory } from "../solvers/ode/adjoint.js";
import type { Controller } from "../solvers/ode/controllers.js";
import { solveValues, type Trajectory } from "../solvers/ode/integrate-values.js";
import type { OdePrograms } from "../solvers/ode/ode-programs.js";
import { messageOf } from "../solvers/ode/solution.js";
import type { Tolerances } from "../solvers/ode/step.js";
import type { StepRecord } from "../solvers/ode/step-records.js";
import type { Block, ForwardContext } from "./block.js";
import { SolveError } from "./solve-error.js";

/** How an ODE block solves. */
export interface OdeSolverOptions extends Tolerances {
  readonly span: readonly [number, number];
  readonly controller: Controller;
  readonly maxSteps: number;
  /** Ends of prescribed steps, which are taken whatever their error; chosen by the controller when absent. */
  readonly grid?: readonly number[];
}

/** Names by which an ODE block reads and writes. */
export interface OdeBlockNames {
  readonly state: string;
  readonly params: readonly string[];
  readonly result: string;
}

/** A solve as a block: reads the initial state and the field's parameters, writes the final state. */
export function odeBlock(ode: OdePrograms, options: OdeSolverOptions, names: OdeBlockNames): Block {
  return {
    forward: (read, context) => {
      const params = names.params.map((name) => read[name]);
      const start = { state: [read[names.state]], params, span: options.span };
      const trajectory = solved(ode, start, options, context);
      const { steps, stats } = trajectory;
      const penalties = releasedOnError(trajectory, () => penaltiesOf(context, steps));
      return {
        written: { [names.result]: trajectory.state[0] },
        penalty: penalties.value,
        solve: { steps, stats },
        pullback: (cotangents) => {
          const state = [cotangents[names.result] ?? ode.zeros.state[0]];
          const gradients = pullbackTrajectory(ode, params, trajectory, options, {
            state,
            ...penalties.cotangents,
          });
          return byName(names, gradients.state[0], gradients.params);
        },
        release: () => trajectory.release(),
      };
    },
    dispose: () => ode.dispose(),
  };
}

/** @throws SolveError when the solve does not reach its end. */
function solved(
  ode: OdePrograms,
  start: { state: readonly Value[]; params: readonly Value[]; span: readonly [number, number] },
  options: OdeSolverOptions,
  { differentiate }: ForwardContext,
): Trajectory {
  const trajectory = solveValues(ode, start, { ...options, tape: differentiate });
  const { code, t, stats } = trajectory;
  if (code === "success") return trajectory;
  trajectory.release();
  throw new SolveError(messageOf(code, t, stats, ode.target.precision));
}

/** A penalty may be a user's own function: when it throws, nobody else knows of the trajectory yet. */
function releasedOnError<T>(trajectory: Trajectory, run: () => T): T {
  try {
    return run();
  } catch (error) {
    trajectory.release();
    throw error;
  }
}

/** Sum of the weighted penalties, and their derivatives by E and S of each accepted step. */
function penaltiesOf({ regularizers, progress }: ForwardContext, steps: readonly StepRecord[]) {
  const accepted = steps.filter((step) => step.accepted);
  const error = new Float64Array(accepted.length);
  const stiffness = new Float64Array(accepted.length);
  let value = 0;
  const add = ({ weight, steps: penaltyOf }: Regularizer): void => {
    const factor = weight(progress);
    const penalty = penaltyOf(accepted);
    value += factor * penalty.value;
    penalty.dError.forEach((derivative, i) => {
      error[i] += factor * derivative;
    });
    penalty.dStiffness.forEach((derivative, i) => {
      stiffness[i] += factor * derivative;
    });
  };
  for (const regularizer of regularizers) add(regularizer);
  return { value, cotangents: { error, stiffness } };
}

function byName(names: OdeBlockNames, state: Value, params: readonly Value[]): NamedValues {
  return { [names.state]: state, ...Object.fromEntries(names.params.map((name, i) => [name, params[i]])) };
}
