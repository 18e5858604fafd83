import type { ArrayLike } from "../../compiler/nd-array.js";
import type { Precision } from "../../compiler/targets/target.js";
import type { Tree } from "../../compiler/tree.js";
import type { ResultCode, Solution } from "../ode/solution.js";
import type { BrownianPath } from "./brownian-path.js";

/** How a stochastic solve ended. */
export type SdeResultCode = Exclude<ResultCode, "event" | "stiff">;

/** What a stochastic solve cost. */
export interface SdeStatistics {
  /** Evaluations: for each attempt those of its method, and two for an automatic first step. */
  readonly nfe: { readonly drift: number; readonly diffusion: number };
  readonly accepted: number;
  readonly rejected: number;
}

/**
 * A solved stochastic problem, or how far it came; numerical failure is a code, never an exception. `stepTimes` after the
 * start, as a grid along the path, repeat the solve. The rounding floor of its steps is 0: E is a sum, not a difference of
 * nearly equal numbers.
 */
export interface SdeSolution<Y = Tree<ArrayLike>>
  extends Pick<Solution<Y>, "message" | "ts" | "ys" | "y1" | "stepTimes" | "steps" | "precision" | "target"> {
  readonly code: SdeResultCode;
  readonly stats: SdeStatistics;
  /** The path of the noise: to solve along it again, coarser or finer, and to draw it. */
  readonly path: BrownianPath<Y>;
}

/** The sentence that goes with a result code. */
export function sdeMessageOf(
  code: SdeResultCode,
  t: number,
  { accepted, rejected }: SdeStatistics,
  precision: Precision,
): string {
  const at = `at t = ${Number(t.toPrecision(6))}`;
  switch (code) {
    case "success":
      return "";
    case "maximumSteps":
      return `the limit of ${accepted + rejected} steps was reached ${at}; loosen the tolerances, the error estimate being of order 1 in the step, or raise maxSteps`;
    case "stepUnderflow":
      return `the step size fell below the resolution of time ${at}; the solution may blow up there, or the tolerances are below what ${precision} can give`;
    case "nonFinite":
      return `the drift or the diffusion returned NaN or infinity ${at}; check them for overflow, division by zero and logarithms there`;
    case "stopped":
      return `the solve was stopped ${at}`;
  }
}
