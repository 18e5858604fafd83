import * as tf from "@tensorflow/tfjs-core";
import { odeProblem } from "../../../src/solvers/ode/ode-problem.js";
import type { SolveOptions } from "../../../src/solvers/ode/solve-options.js";

/** A problem that nothing is wrong with. */
export const decay = odeProblem({ field: (_, y) => tf.neg(y), y0: [1, 2], span: [0, 1] });

/** A way to solve, and what it is asked to do with wrong options, a wrong field, a wrong derivative. */
export type Run = (problem: typeof decay, options?: SolveOptions) => unknown;

/** Something that is refused. */
export type WrongUse = (run: Run) => unknown;

/** Wrong uses by name, each with the one sentence that it is answered with, whichever of the functions is used. */
export type WrongUses = readonly (readonly [name: string, use: WrongUse, sentence: string | RegExp])[];

/** That of options which are wrong. */
export const options = (given: object): WrongUse => {
  return (run) => run(decay, given as SolveOptions);
};
