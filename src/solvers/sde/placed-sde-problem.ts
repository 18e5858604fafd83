import { SharedCache } from "../../compiler/targets/shared-cache.js";
import { ValueScope } from "../../compiler/targets/value-scope.js";
import { numberOf } from "../ode/object-numbers.js";
import type { BrownianPath } from "./brownian-path.js";
import { brownianPath, checkLayout, layoutOf } from "./noise-paths.js";
import { chosenMethod, type SdeOptions } from "./sde-options.js";
import { type AnySdeProblem, type SdeProblem, sdeSignatureOf } from "./sde-problem.js";
import { SdePrograms } from "./sde-programs.js";
import type { SdeStart } from "./sde-trajectory.js";

/** A problem's arrays on a target, the path of its noise, and the programs that solve it there. */
export interface PlacedSdeProblem<Y> {
  readonly sde: SdePrograms;
  readonly start: SdeStart;
  readonly path: BrownianPath<Y>;
  /** Frees the arrays and lets go of the programs; a second time it does nothing. */
  release(): void;
}

/** How many compiled problems are kept for the next solve. */
const cachedProblems = 16;
const cache = new SharedCache<SdePrograms>(cachedProblems);

/** Puts a problem on its target, with the programs of the last solves if they fit. */
export function placeSdeProblem<Y, P>(
  problem: SdeProblem<Y, P>,
  options: SdeOptions<Y>,
): PlacedSdeProblem<Y> {
  const { path = brownianPath(problem, { seed: options.seed }) } = options;
  checkLayout(path.layout, layoutOf(problem));
  const programs = acquirePrograms(problem, options);
  const scope = new ValueScope(programs.value.target);
  const release = (): void => {
    scope.release();
    programs.release();
  };
  try {
    const state = scope.put(problem.y0.arrays);
    const params = scope.put(problem.params.arrays);
    return { sde: programs.value, start: { state, params, span: problem.span, path }, path, release };
  } catch (error) {
    release();
    throw error;
  }
}

/** Programs are the same for the same functions, method and target, and for equal names and shapes. */
function acquirePrograms(problem: AnySdeProblem, options: SdeOptions) {
  const { target = "auto", precision = "float64" } = options;
  const method = chosenMethod(problem, options);
  const signature = sdeSignatureOf(problem);
  const { state, stateShapes, params, paramShapes } = signature.drift;
  const key = JSON.stringify([
    [problem.drift, problem.diffusion, method].map(numberOf),
    [problem.noise, typeof target === "string" ? target : numberOf(target), precision],
    [state.paths, stateShapes, params.paths, paramShapes],
  ]);
  return cache.acquire(key, () => new SdePrograms(signature, { method, target, precision }));
}
