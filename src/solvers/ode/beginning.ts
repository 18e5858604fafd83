import type { Value } from "../../compiler/targets/target.js";
import type { ValueScope } from "../../compiler/targets/value-scope.js";
import { firstStep, trialStep } from "./first-step.js";
import type { IntegrateOptions, OdeStart } from "./integrate-values.js";
import type { OdePrograms } from "./ode-programs.js";
import type { Route } from "./route.js";
import type { EvaluationCounts, ResultCode } from "./solution.js";
import type { Tolerances } from "./step.js";

/** What is known before the first step. */
export interface Beginning {
  /** The slope at the start, where the first step's choice found it and the method carries it from step to step; else empty. */
  readonly slope: readonly Value[];
  readonly h: number;
  /** Why there is no first step, if so. */
  readonly code?: ResultCode;
  readonly evaluations: EvaluationCounts;
}

const noEvaluations: EvaluationCounts = { start: 0, firstStep: 0, steps: 0, jacobians: 0 };

/** The first step's size, given or chosen. */
export function beginning(
  ode: OdePrograms,
  start: OdeStart,
  options: Tolerances & Pick<IntegrateOptions, "grid" | "firstStep">,
  route: Route,
  scope: ValueScope,
): Beginning {
  const { grid, firstStep: size = 0 } = options;
  if (!grid && !size) return automaticStart(ode, start, options, route, scope);
  const [t0, t1] = start.span;
  return { slope: [], h: Math.sign(t1 - t0) * size, evaluations: noEvaluations };
}

/** A first step of a size that fits the field. */
function automaticStart(
  ode: OdePrograms,
  { state, params, span: [t0, t1] }: OdeStart,
  tolerances: Tolerances,
  route: Route,
  scope: ValueScope,
): Beginning {
  const { slope, norms } = ode.start(state, params, t0, tolerances);
  scope.own(slope);
  const { order, carriesSlope } = ode.step.method;
  const direction = Math.sign(t1 - t0);
  const trial = trialStep(norms, t1 - t0);
  const finite = Number.isFinite(norms.slope) && Number.isFinite(norms.state);
  const change = finite ? ode.trial(state, slope, params, t0, direction * trial, tolerances) : Number.NaN;
  const size = Number.isFinite(change) ? firstStep(norms, change, trial, order, t1 - t0) : trial;
  if (!carriesSlope) scope.free(slope);
  return {
    slope: carriesSlope ? slope : [],
    // the algorithm knows no scale of time: where time is large, its smallest steps would not move it
    h: direction * Math.max(size, 10 * route.resolution(t0)),
    code: finite ? undefined : "nonFinite",
    evaluations: { ...noEvaluations, start: 1, firstStep: finite ? 1 : 0 },
  };
}
