import { type NdArray, ndArray, odeProblem, type Tableau, type Target, type Value } from "glassbox";
import { signatureOf } from "#internal/solvers/ode/ode-problem.js";
import { OdePrograms } from "#internal/solvers/ode/ode-programs.js";
import { fieldOf } from "./fields.js";
import type { LoadedProblem } from "./problem-files.js";
import { norm, type Works } from "./works.js";

/**
 * The works of `step`: the solver's programs for one step and for its pullback, on values that stay with the target; for
 * the gradient, the step keeps what its pullback would compute again.
 *
 * The pullback's cotangents are 1/n for each of the n elements of next state and last slope, and 1 for E.
 */
export function stepWorks(loaded: LoadedProblem, target: Target, method: Tableau): Works {
  const { description, y0, params } = loaded;
  const { rtol, atol, span, step: h } = description;
  const problem = odeProblem({ field: fieldOf(description), y0, span, params });
  const ode = new OdePrograms(signatureOf(problem), { method, target, precision: target.precision });
  const place = (arrays: readonly NdArray[]) => arrays.map((array) => target.put(array));
  const state = place(problem.y0.arrays);
  const placedParams = place(problem.params.arrays);
  const start = [...state, ...ode.slope(state, placedParams, span[0])];
  const mean = place([filled(y0, 1 / y0.data.length)]);
  const cotangents = { next: [...mean, ...mean], error: 1, stiffness: 0 };

  let held: readonly Value[] = [];
  const hold = (values: readonly Value[]): void => {
    for (const value of held) target.free(value);
    held = values;
  };
  const norms = (names: readonly string[], values: readonly Value[]) =>
    Object.fromEntries(names.map((name, i) => [name, norm(target.get(values[i]))]));
  const options = { rtol, atol, dense: false };
  const attempt = (residuals: boolean) =>
    ode.step.attempt(start, span[0], h, placedParams, { ...options, residuals });
  return {
    forward: () => {
      const { made, error } = attempt(false);
      hold(made);
      return { describe: () => described({ ...norms(["next", "lastSlope"], made), error }) };
    },
    gradient: () => {
      const { made, residuals } = attempt(true);
      const entry = { t: span[0], h, start, made, residuals };
      const gradients = ode.step.pullback(entry, placedParams, options, cotangents, ode.zeros.params);
      hold([...made, ...gradients]);
      const names = ["y0", "slope", ...Object.keys(params)].map((name) => `d${name}`);
      return { describe: () => described(norms(names, gradients)) };
    },
  };
}

function described(norms: Record<string, number>) {
  return { nfe: 6, steps: 1, norms };
}

function filled({ shape, data }: NdArray, value: number): NdArray {
  return ndArray(
    shape,
    Float64Array.from(data, () => value),
  );
}
