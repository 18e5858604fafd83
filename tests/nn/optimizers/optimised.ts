import type { NdArray } from "../../../src/compiler/nd-array.js";
import type { Shape } from "../../../src/compiler/shape.js";
import type { NamedValues, Target } from "../../../src/compiler/targets/target.js";
import type { Optimizer } from "../../../src/nn/optimizers/optimizer.js";
import { compileOptimizer } from "../../../src/nn/optimizers/optimizer-program.js";
import { normalArrays } from "../../laws/numbers.js";

/** A short training without a model: parameters to start from, and the gradients of its iterations. */
export interface GradientSequence {
  readonly start: readonly NdArray[];
  readonly gradients: readonly (readonly NdArray[])[];
}

/** Random parameters and gradients of the given shapes. */
export function randomGradients(of: readonly Shape[], iterations: number, seed: number): GradientSequence {
  return {
    start: normalArrays(of, seed),
    gradients: Array.from({ length: iterations }, (_, i) => normalArrays(of, seed + i + 1)),
  };
}

/** Runs an optimizer on given gradients; returns the parameters after every iteration. */
export function optimised(
  optimizer: Optimizer,
  { start, gradients }: GradientSequence,
  target: Target,
): NdArray[][] {
  const named = <T>(items: readonly T[]) => Object.fromEntries(items.map((item, i) => [`p${i}`, item]));
  const put = (arrays: readonly NdArray[]): NamedValues => named(arrays.map((array) => target.put(array)));
  const free = (values: NamedValues): void => {
    for (const value of Object.values(values)) target.free(value);
  };
  const program = compileOptimizer(optimizer, named<Shape>(start.map(({ shape }) => shape)), target);
  let params = put(start);
  let state = program.initialState();
  const history = gradients.map((arrays, i) => {
    const gradient = put(arrays);
    const updated = program.update(params, gradient, state, i + 1);
    for (const old of [params, state, gradient]) free(old);
    ({ params, state } = updated);
    return Object.values(params).map((value) => target.get(value));
  });
  free(params);
  free(state);
  program.dispose();
  return history;
}
