import type { Value } from "../../compiler/targets/target.js";
import { ValueScope } from "../../compiler/targets/value-scope.js";
import type { Trajectory } from "./integrate-values.js";
import type { OdePrograms } from "./ode-programs.js";
import type { StepState, Tolerances } from "./step.js";

/** Derivatives of a loss by what a solve yields. */
export interface TrajectoryCotangents {
  /** By the state at the end. */
  readonly state: readonly Value[];
  /** By E of each accepted step. @defaultValue zeros */
  readonly error?: Float64Array;
  /** By S of each accepted step. @defaultValue zeros */
  readonly stiffness?: Float64Array;
}

/** Gradients of a loss by what a solve starts from; the caller frees them. */
export interface OdeGradients {
  readonly state: readonly Value[];
  readonly params: readonly Value[];
}

/**
 * Discrete adjoint: the exact derivative of the steps that were taken, swept backwards over the tape, with every step size
 * held constant (Pal et al., ICML 2021, train this way: a gradient through the controller would cancel the penalty).
 *
 * @throws RangeError when the trajectory has no tape, or there is not one cotangent per accepted step.
 */
export function pullbackTrajectory(
  ode: OdePrograms,
  params: readonly Value[],
  trajectory: Trajectory,
  tolerances: Tolerances,
  cotangents: TrajectoryCotangents,
): OdeGradients {
  const { tape } = trajectory;
  if (tape.length !== trajectory.stats.accepted) {
    throw new RangeError("the trajectory has no tape; solve with the option tape: true to differentiate it");
  }
  const error = perStep("error", cotangents.error, tape.length);
  const stiffness = perStep("stiffness", cotangents.stiffness, tape.length);
  const scope = new ValueScope(ode.target);
  try {
    let sum: readonly Value[] = ode.zeros.params;
    let next: StepState = {
      state: cotangents.state,
      slope: ode.step.carriesSlope ? ode.zeros.state : [],
    };
    for (let i = tape.length - 1; i >= 0; i--) {
      const step = { next, error: error[i], stiffness: stiffness[i] };
      const gradients = ode.step.pullback(tape[i], params, tolerances, step, sum);
      scope.own([...gradients.start.state, ...gradients.start.slope, ...gradients.params]);
      scope.free([...next.state, ...next.slope, ...sum]);
      next = gradients.start;
      sum = gradients.params;
    }
    if (tape.length === 0) return copies(ode, next.state, sum);
    if (!ode.step.carriesSlope) return { state: scope.surrender(next.state), params: scope.surrender(sum) };
    const [{ t, state }] = tape;
    return ode.slopePullback(state, params, t, next.slope, { state: next.state, params: sum });
  } finally {
    scope.release();
  }
}

/** A solve of no steps: the cotangent itself, and zeros, as values that the caller may free. */
function copies(ode: OdePrograms, state: readonly Value[], params: readonly Value[]): OdeGradients {
  const copy = (value: Value): Value => ode.target.put(ode.target.get(value));
  return { state: state.map(copy), params: params.map(copy) };
}

function perStep(name: string, cotangents: Float64Array | undefined, steps: number): Float64Array {
  if (cotangents && cotangents.length !== steps) {
    throw new RangeError(
      `cotangents.${name} needs one number per accepted step, ${steps}, got ${cotangents.length}`,
    );
  }
  return cotangents ?? new Float64Array(steps);
}
