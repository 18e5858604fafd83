import type { Controller } from "../ode/controllers.js";
import type { BrownianPath } from "./brownian-path.js";
import type { SdeMethod } from "./sde-method.js";
import type { AnySdeProblem } from "./sde-problem.js";
import { type SdeProgramOptions, sdeMethodOf } from "./sde-programs.js";
import type { IntegrateSdeOptions } from "./sde-trajectory.js";
import { stochasticController } from "./stochastic-controller.js";
import { sosra } from "./tableaux/sosra.js";
import { sosri } from "./tableaux/sosri.js";
import type { StochasticTableau } from "./tableaux/stochastic-tableau.js";

/** Options of a stochastic solve. */
export interface SdeOptions<Y = unknown> extends Partial<SdeProgramOptions> {
  /** @defaultValue sosri, sosra for additive noise */
  readonly method?: StochasticTableau | SdeMethod;
  /** Relative tolerance; the error estimate is of order 1 in the step, so that small ones are dear. @defaultValue 0.01 */
  readonly rtol?: number;
  /** Absolute tolerance. @defaultValue 0.01 */
  readonly atol?: number;
  /** @defaultValue stochasticController */
  readonly controller?: Controller;
  /** A whole number from which the noise is drawn; it is the same on every target. @defaultValue 0 */
  readonly seed?: number;
  /** The path along which to solve, instead of one from a seed. */
  readonly path?: BrownianPath<Y>;
  /** Size of the first step. @defaultValue chosen automatically, for two evaluations of drift and diffusion */
  readonly firstStep?: number;
  /** Ends of prescribed steps, in order, the last one being the end of the span; the tolerances then only scale E. */
  readonly grid?: readonly number[];
  /**
   * Times, in order, at which the state is wanted; they do not change its steps. Between steps the state is interpolated
   * linearly, which is of strong order 1/2. @defaultValue its end
   */
  readonly saveAt?: readonly number[];
  /** Attempts after which the solve gives up. @defaultValue 10000 */
  readonly maxSteps?: number;
  /**
   * Bytes that a differentiated solve may use to keep what its backward pass would otherwise compute again; 0 keeps nothing.
   * The gradients are the same up to rounding. On onnx single numbers are kept at most, since arrays cost more than they
   * save there. @defaultValue 512 MiB
   */
  readonly residualBytes?: number;
  /** Stops the solve between two steps. */
  readonly signal?: AbortSignal;
}

/** The method of a solve. */
export function chosenMethod(
  { noise }: Pick<AnySdeProblem, "noise">,
  { method = noise === "additive" ? sosra : sosri }: Pick<SdeOptions, "method">,
): StochasticTableau | SdeMethod {
  const isMethod = typeof method === "object" && method !== null && "evaluations" in method;
  // an ordinary method's evaluations are a function
  if (isMethod && typeof method.evaluations === "object") return method;
  const given = (method as { readonly name?: string } | null)?.name ?? method;
  throw new TypeError(`solveSde: method must be one for stochastic equations, such as sosri, got ${given}`);
}

/**
 * The options of a solve, checked, with the defaults in place.
 *
 * @throws RangeError or TypeError naming the option that is impossible.
 */
export function checkedSdeOptions(
  problem: AnySdeProblem,
  options: SdeOptions,
): Omit<IntegrateSdeOptions, "tape"> {
  const { rtol = 1e-2, atol = 1e-2, maxSteps = 10_000, firstStep, grid, saveAt, seed, path } = options;
  const { controller = stochasticController, signal, residualBytes } = options;
  check("rtol", rtol >= 0 && rtol < 1, "at least 0 and below 1", rtol);
  check("atol", atol >= 0 && Number.isFinite(atol), "a finite number, at least 0", atol);
  check("one of rtol and atol", rtol > 0 || atol > 0, "positive", 0);
  check("maxSteps", Number.isInteger(maxSteps) && maxSteps > 0, "a positive whole number", maxSteps);
  if (firstStep !== undefined) {
    check("firstStep", firstStep > 0 && Number.isFinite(firstStep), "a positive length of time", firstStep);
  }
  check("residualBytes", residualBytes === undefined || residualBytes >= 0, "at least 0", residualBytes);
  const isController = typeof controller === "object" && controller !== null;
  check("controller", isController, "one, such as stochasticController", controller);
  check("seed", seed === undefined || path === undefined, "left out where a path is given", seed);
  check("seed", Number.isSafeInteger(seed ?? 0), "a whole number", seed);
  checkTimes(options, problem.span);
  const { name, estimatesError } = sdeMethodOf(chosenMethod(problem, options));
  if (!grid && !estimatesError) {
    throw new RangeError(
      `solveSde: the method ${name} has no error estimate and cannot choose its steps; give a grid`,
    );
  }
  const steps = { maxSteps, firstStep, grid, saveAt, controller, signal, residualBytes };
  return { rtol, atol, ...steps, remembersPath: true };
}

function checkTimes({ saveAt, grid }: SdeOptions, [t0, t1]: readonly [number, number]): void {
  saveAt?.forEach((time, i) => {
    const from = saveAt[i - 1] ?? t0;
    check(`saveAt[${i}]`, time >= from && time <= t1, `between ${from} and ${t1}`, time);
  });
  grid?.forEach((time, i) => {
    const from = grid[i - 1] ?? t0;
    check(`grid[${i}]`, time > from && time <= t1, `after ${from} and not after ${t1}`, time);
  });
  if (grid) check("the last entry of grid", grid.at(-1) === t1, `the end of the span, ${t1}`, grid.at(-1));
}

function check(option: string, holds: boolean, need: string, value: unknown): void {
  if (!holds) throw new RangeError(`solveSde: ${option} must be ${need}, got ${value}`);
}
