import type { NdArray } from "../../compiler/nd-array.js";
import { type ArrayLike, array, isArrayLike, zeros } from "../../compiler/nd-array.js";
import { sameShape, shapeText } from "../../compiler/shape.js";
import { SharedCache } from "../../compiler/targets/shared-cache.js";
import type { Target, Value } from "../../compiler/targets/target.js";
import { buildTree, leavesOf, type Tree } from "../../compiler/tree.js";
import type { Tableau } from "../tableaux/tableau.js";
import { tsit5 } from "../tableaux/tsit5.js";
import { pullbackTrajectory } from "./adjoint.js";
import { type Controller, integralController } from "./controllers.js";
import { type IntegrateOptions, integrateValues, type Trajectory } from "./integrate-values.js";
import {
  type AnyOdeProblem,
  type ArraysOf,
  type ArrayTree,
  type OdeProblem,
  signatureOf,
} from "./ode-problem.js";
import { OdePrograms, type ProgramOptions } from "./ode-programs.js";
import { messageOf, type Solution } from "./solution.js";
import type { StepRecord } from "./step-records.js";

/** Options of a solve. */
export interface SolveOptions extends Partial<ProgramOptions> {
  /** @defaultValue tsit5 */
  readonly method?: Tableau;
  /** Relative tolerance. @defaultValue 1e-6 */
  readonly rtol?: number;
  /** Absolute tolerance. @defaultValue 1e-8 */
  readonly atol?: number;
  /** @defaultValue integralController */
  readonly controller?: Controller;
  /** Size of the first step. @defaultValue chosen automatically, for one more evaluation */
  readonly firstStep?: number;
  /** Ends of prescribed steps, in order, the last one being the end of the span; the tolerances then only scale E. */
  readonly grid?: readonly number[];
  /** Attempts after which the solve gives up. @defaultValue 10000 */
  readonly maxSteps?: number;
  /** Stops the solve between two steps. */
  readonly signal?: AbortSignal;
}

/** How many compiled fields `solve` keeps for the next call. */
const cachedFields = 16;
const cache = new SharedCache<OdePrograms>(cachedFields);
const fieldNumbers = new WeakMap<object, number>();
let fieldCount = 0;

/** Solves an initial value problem; numerical failure is told by the solution's code. Wrong arguments throw. */
export function solve<Y, P>(problem: OdeProblem<Y, P>, options: SolveOptions = {}): Solution<Y> {
  const steps = integrate(problem, options);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** Solves step by step: yields a record of every attempted step and returns the solution. */
export function* integrate<Y, P>(
  problem: OdeProblem<Y, P>,
  options: SolveOptions = {},
): Generator<StepRecord, Solution<Y>> {
  const checked = checkedOptions(problem, options);
  const { value: ode, release } = acquirePrograms(problem, options);
  const put = putProblem(ode.target, problem);
  try {
    const trajectory = yield* integrateValues(ode, put, checked);
    const solution = solutionOf(ode, problem, trajectory);
    trajectory.release();
    return solution;
  } finally {
    put.free();
    release();
  }
}

/** Cotangents of a solution, as arrays. */
export interface SolutionCotangents {
  /** By the state at the end. @defaultValue zeros */
  readonly y1?: Tree<ArrayLike>;
  /** By E of each accepted step. @defaultValue zeros */
  readonly error?: Float64Array;
  /** By S of each accepted step. @defaultValue zeros */
  readonly stiffness?: Float64Array;
}

/** Gradients by the initial state and the parameters, under the problem's names. */
export interface SolutionGradients<Y = Tree<ArrayLike>, P = Tree<ArrayLike>> {
  readonly y0: ArraysOf<Y>;
  readonly params: ArraysOf<P>;
}

/** A solution together with its derivative. */
export interface SolveVjp<Y = Tree<ArrayLike>, P = Tree<ArrayLike>> {
  readonly solution: Solution<Y>;
  /** Exact gradients of the steps that were taken, with their sizes held constant. May be called any number of times. */
  pullback(cotangents: SolutionCotangents): SolutionGradients<Y, P>;
  /** Frees the tape; pullback cannot be called afterwards. */
  dispose(): void;
}

/** Solves and keeps what the gradient needs: of the final state, and of the error and stiffness estimate of each step. */
export function solveVjp<Y, P>(problem: OdeProblem<Y, P>, options: SolveOptions = {}): SolveVjp<Y, P> {
  const checked = { ...checkedOptions(problem, options), tape: true };
  const { value: ode, release } = acquirePrograms(problem, options);
  const put = putProblem(ode.target, problem);
  const steps = integrateValues(ode, put, checked);
  let trajectory: Trajectory | undefined;
  while (!trajectory) {
    const { done, value } = steps.next();
    if (done) trajectory = value;
  }
  const taped = trajectory;
  return {
    solution: solutionOf(ode, problem, taped),
    pullback: ({ y1, error, stiffness }) => {
      const state = cotangentArrays(problem.y0, y1).map((item) => ode.target.put(item));
      const gradients = pullbackTrajectory(ode, put.params, taped, checked, { state, error, stiffness });
      const arrays = (values: readonly Value[]): NdArray[] => values.map((value) => ode.target.get(value));
      const y0 = buildTree(problem.y0.structure, arrays(gradients.state)) as ArraysOf<Y>;
      const params = buildTree(problem.params.structure, arrays(gradients.params)) as ArraysOf<P>;
      for (const value of [...state, ...gradients.state, ...gradients.params]) ode.target.free(value);
      return { y0, params };
    },
    dispose: () => {
      taped.release();
      put.free();
      release();
    },
  };
}

function acquirePrograms(
  problem: AnyOdeProblem,
  { method = tsit5, target = "auto", precision }: SolveOptions,
) {
  const signature = signatureOf(problem);
  const number = fieldNumbers.get(problem.field) ?? fieldCount++;
  fieldNumbers.set(problem.field, number);
  const where = typeof target === "string" ? target : `${target.name} ${objectNumber(target)}`;
  const { state, params, stateShapes, paramShapes } = signature;
  const shapes = JSON.stringify([state.paths, stateShapes, params.paths, paramShapes]);
  const key = `${number} ${method.name} ${objectNumber(method)} ${where} ${precision} ${shapes}`;
  return cache.acquire(key, () => new OdePrograms(signature, { method, target, precision }));
}

function objectNumber(object: object): number {
  const number = fieldNumbers.get(object) ?? fieldCount++;
  fieldNumbers.set(object, number);
  return number;
}

function putProblem(target: Target, { y0, params, span }: AnyOdeProblem) {
  const state = y0.arrays.map((item) => target.put(item));
  const paramValues = params.arrays.map((item) => target.put(item));
  const free = (): void => {
    for (const value of [...state, ...paramValues]) target.free(value);
  };
  return { state, params: paramValues, span, free };
}

function solutionOf<Y, P>(ode: OdePrograms, problem: OdeProblem<Y, P>, trajectory: Trajectory): Solution<Y> {
  const { code, t, state, steps, stats } = trajectory;
  const accepted = steps.filter((step) => step.accepted);
  const ends = accepted.map((_, i) => accepted[i + 1]?.t ?? t);
  const { precision, name } = ode.target;
  return {
    code,
    message: messageOf(code, t, stats, precision),
    ts: Float64Array.of(problem.span[0], ...ends),
    y1: buildTree(
      problem.y0.structure,
      state.map((value) => ode.target.get(value)),
    ) as ArraysOf<Y>,
    steps,
    stats,
    precision,
    target: name,
  };
}

function cotangentArrays(
  { structure, arrays }: ArrayTree,
  cotangent: Tree<ArrayLike> | undefined,
): NdArray[] {
  if (cotangent === undefined) return arrays.map(({ shape }) => zeros(shape));
  return leavesOf(cotangent, structure, isArrayLike, "the cotangent of y1").map((leaf, i) => {
    const given = array(leaf);
    if (!sameShape(given.shape, arrays[i].shape)) {
      const shapes = `${shapeText(given.shape)}, the state has ${shapeText(arrays[i].shape)}`;
      throw new RangeError(`the cotangent of y1 has shape ${shapes}`);
    }
    return given;
  });
}

/** Smallest relative tolerance that still means something: a few roundings of the state. */
const smallestTolerance = { float32: 0, float64: 1e-14 };

function checkedOptions({ span: [t0, t1] }: AnyOdeProblem, options: SolveOptions): IntegrateOptions {
  const { rtol = 1e-6, atol = 1e-8, maxSteps = 10_000, firstStep, grid, method = tsit5 } = options;
  const fail = (what: string, value: unknown, need: string): never => {
    throw new RangeError(`solve: ${what} must be ${need}, got ${value}`);
  };
  if (!(rtol >= 0 && rtol < 1)) fail("rtol", rtol, "at least 0 and below 1");
  if (!(atol >= 0 && Number.isFinite(atol))) fail("atol", atol, "a finite number, at least 0");
  if (rtol === 0 && atol === 0) fail("one of rtol and atol", 0, "positive");
  if (atol === 0 && rtol < smallestTolerance[options.precision ?? "float64"]) {
    fail("rtol", rtol, "at least 1e-14 where atol is 0: doubles resolve no less");
  }
  if (!(Number.isInteger(maxSteps) && maxSteps > 0)) fail("maxSteps", maxSteps, "a positive whole number");
  if (firstStep !== undefined && !(firstStep > 0 && Number.isFinite(firstStep))) {
    fail("firstStep", firstStep, "a positive length of time");
  }
  if (grid) checkGrid(grid, t0, t1, fail);
  else if (!method.errorWeights)
    fail(`the method ${method.name}`, "none", "given a grid: it has no error estimate");
  return {
    rtol,
    atol,
    maxSteps,
    firstStep,
    grid,
    controller: options.controller ?? integralController,
    signal: options.signal,
    tape: false,
  };
}

function checkGrid(
  grid: readonly number[],
  t0: number,
  t1: number,
  fail: (what: string, value: unknown, need: string) => never,
): void {
  const direction = Math.sign(t1 - t0);
  const times = [t0, ...grid];
  const ordered = grid.every((time, i) => (time - times[i]) * direction > 0);
  if (!ordered) fail("grid", grid, `in order from after ${t0} to ${t1}`);
  if (grid[grid.length - 1] !== t1)
    fail("the last entry of grid", grid[grid.length - 1], `the end of the span, ${t1}`);
}
