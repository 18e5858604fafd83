import { firstStep, trialStep } from "../first-step.js";
import type { Tolerances } from "../step.js";
import type { Lane } from "./lane.js";
import type { LanePrograms } from "./lane-programs.js";
import type { LanesStart } from "./lanes-integration.js";

/** A first step for each lane, of a size that fits the field there; a lane where the field is no number fails at once. */
export function automaticSteps(
  programs: LanePrograms,
  { state, params, span: [t0, t1] }: LanesStart,
  tolerances: Tolerances,
  lanes: readonly Lane[],
): number[] {
  const times = new Float64Array(lanes.length).fill(t0);
  const { slope, stateNorm, slopeNorm } = programs.start(state, params, times, tolerances);
  const trials = stateNorm.map((norm, i) => trialStep({ state: norm, slope: slopeNorm[i] }, t1 - t0));
  const sizes = trials.map((trial) => Math.sign(t1 - t0) * trial);
  const changes = programs.trial({ state, slope }, params, times, sizes, tolerances);
  for (const value of slope) programs.target.free(value);
  return lanes.map((lane, i) => {
    const norms = { state: stateNorm[i], slope: slopeNorm[i] };
    const isNumber = Number.isFinite(norms.state) && Number.isFinite(norms.slope);
    if (!isNumber) lane.code = "nonFinite";
    lane.evaluations.start = 1;
    lane.evaluations.firstStep = isNumber ? 1 : 0;
    const { order } = programs.method;
    return isNumber && Number.isFinite(changes[i])
      ? firstStep(norms, changes[i], trials[i], order, t1 - t0)
      : trials[i];
  });
}
