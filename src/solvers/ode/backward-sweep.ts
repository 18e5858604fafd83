import {
  type ArrayLike,
  entryOf,
  isArrayLike,
  type NdArray,
  ndArray,
  zeros,
} from "../../compiler/nd-array.js";
import { leavesOf, type Tree } from "../../compiler/tree.js";
import { adjointField, interpolatedAdjointField } from "./adjoint-field.js";
import { type AnyOdeProblem, type ArrayTree, arrayTree } from "./ode-problem.js";
import type { ResultCode, Solution } from "./solution.js";
import { solve } from "./solve.js";
import type { SolveOptions } from "./solve-options.js";
import { cotangentArrays, type SolutionCotangents } from "./solve-vjp.js";
import { smallestTolerance } from "./tolerances.js";

/** A step of the forward solve, with its polynomial, as arrays. */
export interface ForwardStep {
  readonly t: number;
  readonly h: number;
  readonly state: readonly NdArray[];
  /** Power by power, leaf by leaf. */
  readonly coefficients: readonly NdArray[];
}

/** What a sweep goes back over. */
export interface ForwardSolve {
  readonly problem: AnyOdeProblem;
  readonly solution: Solution<unknown>;
  /** There if the state is to be taken from them. */
  readonly forwardSteps?: readonly ForwardStep[];
  /** How the adjoint equation is solved; a grid is that of the forward solve. */
  readonly options: SolveOptions;
}

/** State, its cotangent and the gradient of the parameters at a time, and what it took to come there. */
interface Adjoint {
  readonly t: number;
  readonly state: readonly NdArray[];
  readonly cotangent: readonly NdArray[];
  readonly gradient: readonly NdArray[];
  readonly nfe: number;
  readonly code: ResultCode;
  readonly message: string;
}

/** A part of the way back that one solve goes. */
interface Leg {
  readonly from: number;
  readonly to: number;
  readonly step?: ForwardStep;
}

/**
 * Solves the adjoint equation from the end of a solution to its start, or to where that fails. It halts at each saved
 * state, where its cotangent is added, and where the state starts anew from the saved one.
 */
export function sweepBackwards(forward: ForwardSolve, cotangents: SolutionCotangents): Adjoint {
  const { problem, solution } = forward;
  const { ts, stepTimes } = solution;
  const shapes = problem.y0.arrays.map(({ shape }) => shape);
  const stackedShapes = shapes.map((shape) => [ts.length, ...shape]);
  const states = leaves(solution.ys, problem.y0);
  const saved = cotangents.ys && cotangentArrays("ys", problem.y0, stackedShapes, cotangents.ys);
  let adjoint: Adjoint = {
    t: stepTimes[stepTimes.length - 1],
    state: leaves(solution.y1, problem.y0),
    cotangent: cotangentArrays("y1", problem.y0, shapes, cotangents.y1),
    gradient: problem.params.arrays.map(({ shape }) => zeros(shape)),
    nfe: 0,
    code: "success",
    message: "",
  };
  for (let i = ts.length - 1; saved && i >= 0; i--) {
    const { cotangent, ...arrived } = goBack(forward, adjoint, ts[i]);
    adjoint = {
      ...arrived,
      state: states.map((stack) => entryOf(stack, i)),
      cotangent: cotangent.map((leaf, k) => sum(leaf, entryOf(saved[k], i))),
    };
  }
  return goBack(forward, adjoint, problem.span[0]);
}

function goBack(forward: ForwardSolve, start: Adjoint, to: number): Adjoint {
  return legs(forward, start.t, to).reduce(
    (adjoint, leg) => (adjoint.code === "success" ? solveLeg(forward, adjoint, leg) : adjoint),
    start,
  );
}

/** Times within this fraction of each other are one, but for rounding. */
const negligible = 2 ** -49;

/** Whether a solve in a direction has a way to go from one time to another. */
function isWay(from: number, to: number, direction: number): boolean {
  return (to - from) * direction > negligible * Math.max(Math.abs(from), Math.abs(to));
}

/** The whole way at once, or one leg for each step whose polynomial tells the state. */
function legs({ forwardSteps }: ForwardSolve, from: number, to: number): Leg[] {
  const direction = Math.sign(to - from);
  if (!forwardSteps) return isWay(from, to, direction) ? [{ from, to }] : [];
  const first = (a: number, b: number) => ((b - a) * direction > 0 ? a : b);
  const last = (a: number, b: number) => ((b - a) * direction > 0 ? b : a);
  return [...forwardSteps]
    .reverse()
    .map((step) => ({ from: last(step.t + step.h, from), to: first(step.t, to), step }))
    .filter((leg) => isWay(leg.from, leg.to, direction));
}

function solveLeg(forward: ForwardSolve, adjoint: Adjoint, { from, to, step }: Leg): Adjoint {
  const { problem, options } = forward;
  const { structure } = problem.y0;
  const cotangent = { structure, arrays: adjoint.cotangent };
  const gradient = { structure: problem.params.structure, arrays: adjoint.gradient };
  const parts: Record<string, ArrayTree> = step
    ? { cotangent, gradient }
    : { state: { structure, arrays: adjoint.state }, cotangent, gradient };
  const y0 = joined(parts);
  const stateSteers = step ? [] : (problem.steers ?? structure.paths.map(() => true));
  const steers = y0.structure.paths.map((_, i) => stateSteers[i] ?? true);
  const equation = step
    ? { field: interpolatedAdjointField(problem.field), params: withPolynomial(problem, step) }
    : { field: adjointField(problem.field), params: problem.params };
  const { y1, stats, code, message, stepTimes } = solve(
    { ...equation, y0, span: [from, to], steers },
    {
      ...options,
      rtol: adjointTolerance(options.rtol, parts),
      atol: adjointTolerance(options.atol, parts),
      saveAt: undefined,
      dense: false,
      firstStep: step && Math.abs(to - from),
      grid: options.grid && backwardGrid(options.grid, from, to),
    },
  );
  const arrays = leaves(y1, y0);
  const own = arrays.splice(0, step ? 0 : structure.paths.length);
  return {
    t: stepTimes[stepTimes.length - 1],
    state: step ? step.state : own,
    cotangent: arrays.slice(0, structure.paths.length),
    gradient: arrays.slice(structure.paths.length),
    nfe: adjoint.nfe + stats.nfe.total,
    code,
    message,
  };
}

/** A tolerance by the names of a state as one by those of an adjoint: its other parts get the smallest number. */
function adjointTolerance(tolerance: SolveOptions["rtol"], parts: Readonly<Record<string, ArrayTree>>) {
  if (tolerance === undefined || typeof tolerance === "number") return tolerance;
  const entries = Object.keys(parts).filter((part) => parts[part].arrays.length > 0);
  const smallest = smallestTolerance(tolerance);
  return Object.fromEntries(entries.map((part) => [part, part === "state" ? tolerance : smallest]));
}

/** The points of a grid between two times, in reverse, and the second time. */
function backwardGrid(grid: readonly number[], from: number, to: number): number[] {
  const direction = Math.sign(to - from);
  const inside = grid.filter((time) => isWay(from, time, direction) && isWay(time, to, direction));
  return [...inside.reverse(), to];
}

/** The parameters, together with what tells the state within a step. */
function withPolynomial(
  { params, y0 }: AnyOdeProblem,
  { t, h, state, coefficients }: ForwardStep,
): ArrayTree {
  const leafCount = state.length;
  const powers = Array.from({ length: coefficients.length / leafCount }, (_, power) => {
    const arrays = coefficients.slice(power * leafCount, (power + 1) * leafCount);
    return [`power${power + 1}`, { structure: y0.structure, arrays }] as const;
  });
  const step = joined({
    ...mapped({ start: t, size: h }, arrayTree),
    state: { structure: y0.structure, arrays: state },
    powers: joined(Object.fromEntries(powers)),
  });
  return joined({ params, step });
}

function mapped<A, B>(record: Readonly<Record<string, A>>, f: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, f(value)]));
}

/** Trees under names of one tree. */
function joined(parts: Readonly<Record<string, ArrayTree>>): ArrayTree {
  const entries = Object.entries(parts);
  return {
    structure: {
      paths: entries.flatMap(
        ([
          name,
          {
            structure: { paths },
          },
        ]) => paths.map((path) => (path ? `${name}.${path}` : name)),
      ),
    },
    arrays: entries.flatMap(([, { arrays }]) => [...arrays]),
  };
}

function leaves(tree: unknown, { structure }: ArrayTree): NdArray[] {
  return leavesOf(tree as Tree<ArrayLike>, structure, isArrayLike, "the state") as NdArray[];
}

function sum(a: NdArray, b: NdArray): NdArray {
  return ndArray(
    a.shape,
    Float64Array.from(a.data, (value, i) => value + b.data[i]),
  );
}
