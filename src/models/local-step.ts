import type { Value } from "../compiler/targets/target.js";
import type { ValueScope } from "../compiler/targets/value-scope.js";
import type { FirstStage } from "../regularizers/regularizer.js";
import { beginning } from "../solvers/ode/beginning.js";
import type { Trajectory } from "../solvers/ode/integrate-values.js";
import type { OdePrograms } from "../solvers/ode/ode-programs.js";
import { Route } from "../solvers/ode/route.js";
import type { Tolerances } from "../solvers/ode/step.js";
import type { ParameterTerm } from "./parameter-penalty.js";

/** Where a local step is taken, and what of it counts. */
export interface LocalStep {
  readonly t: number;
  readonly state: Value;
  /** End of the solve. */
  readonly end: number;
  readonly weight: number;
  readonly firstStage?: FirstStage;
}

/**
 * The step of a taped solve in which a time lies.
 *
 * @throws RangeError for a time before the solve's start.
 */
export function enclosingEntry<Entry extends { readonly t: number; readonly h: number }>(
  tape: readonly Entry[],
  t: number,
): Entry {
  const direction = Math.sign(tape[0].h);
  const entry = [...tape].reverse().find((step) => (t - step.t) * direction >= 0);
  if (entry) return entry;
  throw new RangeError(`a local step was asked for at ${t}, before the solve's start ${tape[0].t}`);
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
  const entry = enclosingEntry(tape, t);
  if (t === entry.t) return entry.start[0];
  const { step, start, h } = entry;
  const { made, dense } = step.attempt(start, entry.t, h, params, { ...tolerances, dense: true });
  scope.own(made);
  const [state, ...integrals] = scope.own(step.interpolate(start, dense, (t - entry.t) / h));
  scope.free([...made, ...integrals]);
  return state;
}

/**
 * R = h E of one step of the automatic first size. State and h are constants, and so is the first stage unless it is to be
 * differentiated: the derivative by the parameters goes through the other stages (Pal, Edelman, Rackauckas, ICML 2023, code).
 */
export function localStep(
  ode: OdePrograms,
  { t, state: value, end, weight, firstStage = "constant" }: LocalStep,
  params: readonly Value[],
  tolerances: Tolerances,
  scope: ValueScope,
): ParameterTerm {
  const state = [value];
  const span = [t, end] as const;
  const route = new Route(span, [], ode.target.precision);
  const { slope, h: automatic } = beginning(ode, { state, params, span }, tolerances, route, scope);
  const h = Math.sign(end - t) * Math.min(Math.abs(automatic), Math.abs(end - t));
  const start = [...state, ...slope];
  const { error, made } = ode.step.attempt(start, t, h, params, { ...tolerances, dense: false });
  scope.own(made);
  scope.free(made);
  const factor = weight * Math.abs(h);
  return {
    value: factor * error,
    pullback: (sums) => {
      const { state: zeros } = ode.zeros;
      const cotangents = { next: [...zeros, ...zeros], error: factor, stiffness: 0 };
      const entry = { t, h, start, made: [] };
      const unused = [...ode.step.pullback(entry, params, tolerances, cotangents, sums)];
      let gradients = unused.splice(unused.length - params.length);
      if (firstStage === "differentiated") {
        const ofSlope = unused.slice(state.length);
        const stage = ode.slopePullback(state, params, t, ofSlope, { state: zeros, params: gradients });
        unused.push(...stage.state, ...gradients);
        gradients = stage.params;
      }
      for (const each of unused) ode.target.free(each);
      return gradients;
    },
  };
}
