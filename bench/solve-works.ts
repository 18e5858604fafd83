import {
  type NdArray,
  ndArray,
  odeProblem,
  type Solution,
  type SolveOptions,
  solve,
  solveVjp,
  type Tableau,
  type Target,
} from "glassbox";
import { fieldOf } from "./fields.js";
import type { LoadedProblem } from "./problem-files.js";
import { norm, normsOf, type Works } from "./works.js";

/** How the solve is asked for. */
export interface SolveSettings {
  readonly method: Tableau;
  readonly firstStep?: number;
  /** Whether the loss has the sum of E_j h_j over the accepted steps besides mean(y(1)²). */
  readonly penalty: boolean;
}

/** A maker of the works of `solve`: through the public interface, from arrays to arrays. */
export function solveWorks(
  { description, y0, params }: LoadedProblem,
  target: Target,
): (how: SolveSettings) => Works {
  const { rtol, atol, span, maxSteps, saveAt, precision } = description;
  const problem = odeProblem({ field: fieldOf(description), y0, span, params });
  return ({ penalty, ...settings }) => {
    const described = (gradients: Readonly<Record<string, NdArray>>) => {
      if (!penalty) return normsOf("d", gradients);
      // in float32 a good part of the penalty's gradient is rounding, which no two engines share
      return precision === "float64" ? normsOf("penalised d", gradients) : {};
    };
    const options: SolveOptions = {
      ...settings,
      rtol,
      atol,
      maxSteps,
      saveAt,
      target,
      precision: target.precision,
    };
    return {
      forward: () => {
        const solution = solve(problem, options);
        return { describe: () => describeSolve(solution, {}) };
      },
      gradient: () => {
        const { solution, pullback, dispose } = solveVjp(problem, options);
        const gradients = pullback({
          ...(saveAt
            ? { ys: meanSquareDerivative(solution.ys as NdArray) }
            : { y1: meanSquareDerivative(solution.y1 as NdArray) }),
          error: penalty ? stepSizes(solution) : undefined,
        });
        dispose();
        const arrays = { y0: gradients.y0 as NdArray, ...gradients.params };
        return { describe: () => describeSolve(solution, described(arrays)) };
      },
    };
  };
}

/** The derivative of mean(y²). */
function meanSquareDerivative({ shape, data }: NdArray): NdArray {
  const scale = 2 / data.length;
  const derivative = data.slice();
  for (let i = 0; i < derivative.length; i++) derivative[i] *= scale; // where many states are saved, map takes a while
  return ndArray(shape, derivative);
}

/** The derivative of the sum of E_j h_j by each E_j. */
function stepSizes({ steps }: Solution): Float64Array {
  return Float64Array.from(steps.filter(({ accepted }) => accepted).map(({ h }) => h));
}

function describeSolve({ ys, stats, steps }: Solution, gradients: Record<string, number>) {
  return {
    nfe: stats.nfe.total,
    steps: steps.length,
    norms: { ys: norm(ys as NdArray), ...gradients },
    firstStep: steps[0].h,
  };
}
