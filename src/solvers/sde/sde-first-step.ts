import { firstStep, trialStep } from "../ode/first-step.js";
import { Route } from "../ode/route.js";
import type { Tolerances } from "../ode/step.js";
import type { SdePrograms } from "./sde-programs.js";
import type { SdeStart } from "./sde-trajectory.js";

/** What is known of a first step. */
export interface SdeFirstStep {
  readonly h: number;
  /** Whether drift and diffusion are numbers at the start. */
  readonly finite: boolean;
}

/** How often drift and diffusion are evaluated for it. */
export const firstStepEvaluations = 2;

/**
 * A first step of a size that fits drift and diffusion: that for ordinary equations, with the diffusion counted three times
 * (as in StochasticDiffEq).
 */
export function automaticSdeStep(
  sde: SdePrograms,
  { state, params, span: [t0, t1] }: Omit<SdeStart, "path">,
  tolerances: Tolerances,
): SdeFirstStep {
  const { slopes, norms } = sde.start(state, params, t0, tolerances);
  const length = t1 - t0;
  const trial = trialStep(norms, length);
  const finite = Number.isFinite(norms.slope) && Number.isFinite(norms.state);
  const change = finite ? sde.trial(state, slopes, params, t0, trial, tolerances) : Number.NaN;
  for (const value of slopes) sde.target.free(value);
  const order = sde.method.order + 1 / 2;
  const size = Number.isFinite(change) ? firstStep(norms, change, trial, order, length) : trial;
  // the rule knows no scale of time: where time is large, its smallest steps would not move it
  const smallest = 10 * new Route([t0, t1], [], sde.target.precision).resolution(t0);
  return { h: Math.max(size, smallest), finite };
}
