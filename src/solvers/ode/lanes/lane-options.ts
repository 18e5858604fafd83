import { isSwitching } from "../auto-switch.js";
import type { AnyOdeProblem } from "../ode-problem.js";
import { type CheckedOptions, checkedOptions, type SolveOptions } from "../solve-options.js";
import { lanesOf, sampleProblem } from "./placed-lanes.js";

/** Options of a solve of lanes: those of `solve`, each for every lane by itself, without events. */
export interface LaneOptions extends Omit<SolveOptions, "events" | "saveAt" | "residualBytes"> {
  /** Times at which the states are wanted, for all lanes the same or a list for each. @defaultValue the end */
  readonly saveAt?: readonly number[] | readonly (readonly number[])[];
}

/** Checked options of all lanes, and of each. */
export interface CheckedLaneOptions {
  readonly shared: CheckedOptions;
  readonly lanes: readonly CheckedOptions[];
}

/**
 * The options of a solve of lanes, checked, with the defaults in place.
 *
 * @throws RangeError or TypeError naming the option that is impossible.
 */
export function checkedLaneOptions(problem: AnyOdeProblem, options: LaneOptions): CheckedLaneOptions {
  const { saveAt, method, ...others } = options;
  if (method && typeof method === "object" && isSwitching(method)) {
    throw new RangeError(
      `solveLanes: lanes step by one method all together and cannot switch by ${method.name}; take one of its methods`,
    );
  }
  if ("events" in options && options.events !== undefined) {
    throw new RangeError("solveLanes: events are not looked for in lanes; solve such samples one by one");
  }
  const sample = sampleProblem(problem);
  const lanes = lanesOf(problem);
  const shared = checkedOptions(sample, { ...others, method });
  if (saveAt === undefined) return { shared, lanes: Array.from({ length: lanes }, () => shared) };
  const own = saveTimesOfLanes(saveAt, lanes);
  const checked = new Map(
    own.map((times) => [times, checkedOptions(sample, { ...others, method, saveAt: times })]),
  );
  return { shared, lanes: own.map((times) => checked.get(times) as CheckedOptions) };
}

function saveTimesOfLanes(
  saveAt: readonly number[] | readonly (readonly number[])[],
  lanes: number,
): (readonly number[])[] {
  if (!Array.isArray(saveAt[0])) return new Array(lanes).fill(saveAt);
  if (saveAt.length !== lanes) {
    throw new RangeError(
      `solveLanes: saveAt has lists of times for ${saveAt.length} lanes; y0 has ${lanes} rows, and each needs one`,
    );
  }
  return saveAt as (readonly number[])[];
}
