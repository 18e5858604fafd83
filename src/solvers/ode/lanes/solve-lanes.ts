import { ValueScope } from "../../../compiler/targets/value-scope.js";
import type { OdeProblem } from "../ode-problem.js";
import { checkedLaneOptions, type LaneOptions } from "./lane-options.js";
import { LanesIntegration } from "./lanes-integration.js";
import { type LanesSolution, lanesSolution } from "./lanes-solution.js";
import { placeLanes } from "./placed-lanes.js";

/**
 * Solves each row of y0 as a system of its own, with its own step sizes, records and code, all at once: whatever becomes of
 * one has no influence on the others, where `solve` gives a batch one step size for all. The field is as for `solve`, written
 * for a batch of rows, and sees a batch of one; parameters are shared. What differs from row to row is part of the state, if
 * need be with a derivative of zero.
 *
 * @throws what `solve` throws; RangeError when the leaves of y0 have not one row for each lane, for methods that switch, for
 * events, and for fields that look values of the state up by indices that depend on it.
 */
export function solveLanes<Y, P>(problem: OdeProblem<Y, P>, options: LaneOptions = {}): LanesSolution<Y> {
  const { shared, lanes } = checkedLaneOptions(problem, options);
  const { programs, start, release } = placeLanes(
    problem,
    { ...options, saveAt: undefined },
    shared.componentTolerances,
  );
  const scope = new ValueScope(programs.target);
  try {
    const trajectory = new LanesIntegration(programs, start, shared, scope, lanes).run();
    return lanesSolution(programs, problem, lanes, trajectory);
  } finally {
    scope.release();
    release();
  }
}
