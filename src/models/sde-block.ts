import type { Shape } from "../compiler/shape.js";
import { SharedCache } from "../compiler/targets/shared-cache.js";
import type { Target } from "../compiler/targets/target.js";
import type { Controller } from "../solvers/ode/controllers.js";
import { numberOf } from "../solvers/ode/object-numbers.js";
import type { Tolerances } from "../solvers/ode/step.js";
import type { SdeMethod } from "../solvers/sde/sde-method.js";
import { SdePrograms, sdeMethodOf } from "../solvers/sde/sde-programs.js";
import { stochasticController } from "../solvers/sde/stochastic-controller.js";
import { sosri } from "../solvers/sde/tableaux/sosri.js";
import type { NoiseKind, StochasticTableau } from "../solvers/sde/tableaux/stochastic-tableau.js";
import type { Block } from "./block.js";
import { ParameterPenalties } from "./parameter-penalties.js";
import { PenalisedSolve } from "./penalised-solve.js";
import { type StochasticLayers, sdeSignature } from "./sde-signature.js";
import { type SolveNames, solveBlock } from "./solve-block.js";
import { SolvedSde } from "./solved-sde.js";

/** How an SDE block solves. */
export interface SdeSolverOptions extends Partial<Tolerances> {
  /** @defaultValue sosri */
  readonly method?: StochasticTableau | SdeMethod;
  /** Relative tolerance; the error estimate is of order 1 in the step, so that small ones are dear. @defaultValue 0.01 */
  readonly rtol?: number;
  /** Absolute tolerance. @defaultValue 0.01 */
  readonly atol?: number;
  /** @defaultValue stochasticController */
  readonly controller?: Controller;
  /** Attempts after which the solve gives up. @defaultValue 10000 */
  readonly maxSteps?: number;
  /** Ends of prescribed steps, which are taken whatever their error; chosen by the controller when absent. */
  readonly grid?: readonly number[];
}

/** What an SDE block solves. */
export interface SdeBlockOptions extends SdeSolverOptions, StochasticLayers {
  /** Of the state. */
  readonly shape: Shape;
  /** Start and end, the end later. */
  readonly span: readonly [number, number];
  /** Additive: the diffusion depends on time and parameters alone. @defaultValue "diagonal" */
  readonly noise?: NoiseKind;
  /** Times, in order, at which the state is saved, between steps by linear interpolation; goes with `names.saved`. */
  readonly saveAt?: readonly number[];
  /** Those of the parameters are in the order of `namedParams({ drift, diffusion })`. */
  readonly names: SolveNames;
}

/** Two sets of programs are in use at most: of the method, and of that of local steps. */
const cachedSets = 2;

/**
 * A stochastic solve as a block: dy = drift(y, t) dt + diffusion(y, t) dW in Itô's sense, where every element of the state
 * has a Wiener process of its own. Reads the initial state and the parameters, writes the final state and, where asked for,
 * the saved ones. The path is drawn from `context.random.split("noise")`: the same context gives the same path on every
 * target. Gradients are those of the steps that were taken, with their sizes and the noise held constant; penalties on E and
 * S are part of them.
 *
 * @throws RangeError when only one of `saveAt` and `names.saved` is given, the span does not run forwards, a method without
 * error estimate is given no grid, or the method is not for the noise; in a forward pass, when a regularizer integrates
 * something along the solution, which only ODE blocks do.
 */
export function sdeBlock(options: SdeBlockOptions, target: Target): Block {
  const { shape, names, saveAt, method = sosri, noise } = options;
  const { rtol = 1e-2, atol = 1e-2, controller = stochasticController, maxSteps = 10_000 } = options;
  requireForwards(options.span);
  requireSteps(options, sdeMethodOf(method));
  const signature = sdeSignature(options, shape, noise);
  const programs = new SharedCache<SdePrograms>(cachedSets);
  const solver = (by: StochasticTableau | SdeMethod) =>
    programs.acquire(
      String(numberOf(by)),
      () => new SdePrograms(signature, { method: by, target, precision: target.precision }),
    );
  const penalties = new ParameterPenalties(names.params, signature.drift.paramShapes, target);
  return solveBlock(
    {
      name: "sdeBlock",
      shape,
      names,
      saveAt,
      solve: (start, context) => {
        const complete = { ...options, rtol, atol, controller, maxSteps, method };
        const solved = new SolvedSde(solver, complete, start, context);
        return new PenalisedSolve(solved, penalties, start, context, target);
      },
      dispose: () => {
        programs.clear();
        penalties.dispose();
      },
    },
    target,
  );
}

function requireForwards([start, end]: readonly [number, number]): void {
  if (Number.isFinite(start) && Number.isFinite(end) && start < end) return;
  throw new RangeError(
    `sdeBlock: span must be two finite times, the later one second, got [${start}, ${end}]`,
  );
}

function requireSteps({ grid }: SdeSolverOptions, { name, estimatesError }: SdeMethod): void {
  if (grid || estimatesError) return;
  throw new RangeError(
    `sdeBlock: the method ${name} has no error estimate and cannot choose its steps; give a grid`,
  );
}
