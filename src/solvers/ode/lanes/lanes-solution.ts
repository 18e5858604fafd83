import type { ArrayLike } from "../../../compiler/nd-array.js";
import { type NdArray, ndArray } from "../../../compiler/nd-array.js";
import type { Precision, TargetName } from "../../../compiler/targets/target.js";
import { buildTree, type Tree } from "../../../compiler/tree.js";
import { hostDenseOutput } from "../host-dense-output.js";
import type { ArraysOf, OdeProblem } from "../ode-problem.js";
import { messageOf, type ResultCode, type Solution } from "../solution.js";
import type { CheckedOptions } from "../solve-options.js";
import type { LanePrograms } from "./lane-programs.js";
import { rowsTogether } from "./lane-rows.js";
import type { LaneResult, LanesTrajectory } from "./lanes-integration.js";

/** The solved samples of a problem, each with steps of its own. */
export interface LanesSolution<Y = Tree<ArrayLike>> {
  /** One for each row of y0, in order, as if it had been solved alone; its states have the shape of a row. */
  readonly lanes: readonly Solution<Y>[];
  /** States at the end, or where lanes came to one before it: with a row for each lane, like y0. */
  readonly y1: ArraysOf<Y>;
  /** "success" if all lanes came to their end; else the code of the first that did not. */
  readonly code: ResultCode;
  /** Which lanes did not, and the message of the first; empty if all did. */
  readonly message: string;
  readonly precision: Precision;
  readonly target: TargetName;
}

/** What became of all lanes, as their user sees it. */
export function lanesSolution<Y, P>(
  { target }: LanePrograms,
  problem: OdeProblem<Y, P>,
  options: readonly CheckedOptions[],
  { results }: LanesTrajectory,
): LanesSolution<Y> {
  const { precision, name } = target;
  const lanes = results.map((result, i): Solution<Y> => {
    return { ...laneSolution(problem, options[i], result, precision), precision, target: name };
  });
  const failed = lanes.flatMap(({ code }, i) => (code === "success" ? [] : [i]));
  const ends = rowsTogether(results.map(({ state }) => state));
  const y1 = ends.map(({ data }, leaf) => ndArray(problem.y0.arrays[leaf].shape, data));
  return {
    lanes,
    y1: buildTree(problem.y0.structure, y1) as ArraysOf<Y>,
    code: failed.length > 0 ? lanes[failed[0]].code : "success",
    message: failed.length > 0 ? failureText(failed, lanes) : "",
    precision,
    target: name,
  };
}

const mostNamed = 10;

function failureText(failed: readonly number[], lanes: readonly { readonly message: string }[]): string {
  const numbers = failed.slice(0, mostNamed).join(", ") + (failed.length > mostNamed ? ", ..." : "");
  return `${failed.length} of ${lanes.length} lanes ended early (${numbers}); lane ${failed[0]}: ${lanes[failed[0]].message}`;
}

function laneSolution<Y, P>(
  { y0, span }: OdeProblem<Y, P>,
  { saveAt, dense }: CheckedOptions,
  { lane, state, saved, dense: denseSteps }: LaneResult,
  precision: Precision,
): Omit<Solution<Y>, "precision" | "target"> {
  const { t, steps, code = "success" } = lane;
  const tree = (arrays: readonly NdArray[]) => buildTree(y0.structure, arrays) as ArraysOf<Y>;
  const accepted = steps.filter((step) => step.accepted);
  const ends = accepted.map((_, i) => accepted[i + 1]?.t ?? t);
  const stats = lane.statistics();
  const ys = saveAt ? saved : state.map(({ shape, data }) => ndArray([1, ...shape], data));
  const output = dense ? hostDenseOutput(denseSteps, { t, state }) : undefined;
  return {
    code,
    message: messageOf(code, t, stats, precision),
    ts: saveAt ? Float64Array.from(saveAt.slice(0, saved[0].shape[0])) : Float64Array.of(t),
    ys: tree(ys),
    y1: tree(state),
    events: [],
    stepTimes: Float64Array.of(span[0], ...ends),
    at: (time) => {
      if (!output) throw new RangeError("solution.at: solve with the option dense: true to ask for any time");
      return tree(output(time));
    },
    steps,
    stats,
  };
}
