import type { Value } from "../compiler/targets/target.js";
import type { ValueScope } from "../compiler/targets/value-scope.js";
import { beginning } from "../solvers/ode/beginning.js";
import type { Trajectory } from "../solvers/ode/integrate-values.js";
import type { OdePrograms } from "../solvers/ode/ode-programs.js";
import { Route } from "../solvers/ode/route.js";
import type { Tolerances } from "../solvers/ode/step.js";
import type { ParameterTerm } from "./parameter-penalty.js";

/** The state of a finished solve at one time. */
export interface StateInTime {
  readonly t: number;
  readonly state: Value;
  /** End of the solve. */
  readonly end: number;
}

/**
 * The first leaf of the state at a time that a taped solve passed: where a step began the state there, else by that step's
 * polynomial, for which the step is computed once more. The scope owns what is new.
 */
export function stateAt(
  { tape }: Trajectory,
  t: number,
  params: readonly Value[],
  tolerances: Tolerances,
  scope: ValueScope,
): Value {
  const direction = Math.sign(tape[0].h);
  const entry = [...tape].reverse().find((step) => (t - step.t) * direction >= 0);
  if (!entry)
    throw new RangeError(`a local step was asked for at ${t}, before the solve's start ${tape[0].t}`);
  if (t === entry.t) return entry.state[0];
  const { made, dense } = entry.step.attempt(entry, entry.t, entry.h, params, { ...tolerances, dense: true });
  scope.own(made);
  const [state, ...integrals] = scope.own(
    entry.step.interpolate(entry.state, dense, (t - entry.t) / entry.h),
  );
  scope.free([...made, ...integrals]);
  return state;
}

/**
 * R = h E of one step of the automatic first size. Its derivative by the parameters goes through all stages but the first:
 * state, h and first stage are constants (Pal, Edelman, Rackauckas, ICML 2023, code).
 */
export function localStep(
  ode: OdePrograms,
  { t, state, end }: StateInTime,
  params: readonly Value[],
  tolerances: Tolerances,
  weight: number,
  scope: ValueScope,
): ParameterTerm {
  const start = { state: [state], params, span: [t, end] as const };
  const { slope, h: automatic } = beginning(
    ode,
    start,
    tolerances,
    new Route(start.span, [], ode.target.precision),
    scope,
  );
  const h = Math.sign(end - t) * Math.min(Math.abs(automatic), Math.abs(end - t));
  const from = { state: [state], slope };
  const { error, made } = ode.step.attempt(from, t, h, params, { ...tolerances, dense: false });
  for (const value of made) ode.target.free(value);
  const factor = weight * Math.abs(h);
  return {
    value: factor * error,
    pullback: (sums) => {
      const next = { state: ode.zeros.state, slope: ode.zeros.state };
      const cotangents = { next, error: factor, stiffness: 0 };
      const gradients = ode.step.pullback({ t, h, ...from }, params, tolerances, cotangents, sums);
      for (const value of [...gradients.start.state, ...gradients.start.slope]) ode.target.free(value);
      return gradients.params;
    },
  };
}
