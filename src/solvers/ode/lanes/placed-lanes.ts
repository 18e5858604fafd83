import { ndArray } from "../../../compiler/nd-array.js";
import { shapeText } from "../../../compiler/shape.js";
import { SharedCache } from "../../../compiler/targets/shared-cache.js";
import { ValueScope } from "../../../compiler/targets/value-scope.js";
import { leafText } from "../../../compiler/tree.js";
import { tsit5 } from "../../tableaux/tsit5.js";
import { type AnyOdeProblem, signatureOf } from "../ode-problem.js";
import { programKey } from "../placed-problem.js";
import type { SolveOptions } from "../solve-options.js";
import type { ComponentTolerances } from "../tolerances.js";
import { LanePrograms } from "./lane-programs.js";
import type { LanesStart } from "./lanes-integration.js";

/** A problem's arrays on a target, and the programs that solve its samples there, each for itself. */
export interface PlacedLanes {
  readonly programs: LanePrograms;
  readonly start: LanesStart;
  /** Frees the arrays and lets go of the programs; a second time it does nothing. */
  release(): void;
}

/** How many compiled fields are kept for the next solve. */
const cachedFields = 8;
const cache = new SharedCache<LanePrograms>(cachedFields);

/**
 * The problem of the first sample alone: a batch of one.
 *
 * @throws RangeError when the leaves of the state have no leading axis, or not the same.
 */
export function sampleProblem(problem: AnyOdeProblem): AnyOdeProblem {
  const { structure, arrays } = problem.y0;
  const lanes = lanesOf(problem);
  const misfit = arrays.findIndex(({ shape }) => shape[0] !== lanes || lanes === 0);
  if (misfit >= 0) {
    throw new RangeError(
      `solveLanes: each leaf of y0 needs one row for each lane; ${leafText(structure.paths[misfit])} has shape ` +
        `${shapeText(arrays[misfit].shape)}${misfit > 0 ? `, ${leafText(structure.paths[0])} has ${lanes} rows` : ""}`,
    );
  }
  const samples = arrays.map(({ shape, data }) => {
    return ndArray([1, ...shape.slice(1)], data.subarray(0, data.length / lanes));
  });
  return { ...problem, y0: { structure, arrays: samples } };
}

/** How many lanes a problem has: the rows of its state. */
export function lanesOf({ y0 }: AnyOdeProblem): number {
  return y0.arrays[0].shape[0] ?? 0;
}

/** Puts a problem on its target, with the programs of the last solves if they fit. */
export function placeLanes(
  problem: AnyOdeProblem,
  options: SolveOptions,
  tolerances: ComponentTolerances | undefined,
): PlacedLanes {
  const lanes = lanesOf(problem);
  const sample = sampleProblem(problem);
  const { method = tsit5, target, precision } = options;
  const programs = cache.acquire(`${lanes} of ${programKey(sample, options, tolerances)}`, () => {
    return new LanePrograms({ ...signatureOf(sample), tolerances }, lanes, { method, target, precision });
  });
  const scope = new ValueScope(programs.value.target);
  const release = (): void => {
    scope.release();
    programs.release();
  };
  try {
    const rows = problem.y0.arrays.map(({ shape, data }) => ndArray([lanes, 1, ...shape.slice(1)], data));
    const start = { state: scope.put(rows), params: scope.put(problem.params.arrays), span: problem.span };
    return { programs: programs.value, start, release };
  } catch (error) {
    release();
    throw error;
  }
}
