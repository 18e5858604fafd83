import type { NdArray } from "../../compiler/nd-array.js";
import { SharedCache } from "../../compiler/targets/shared-cache.js";
import { ValueScope } from "../../compiler/targets/value-scope.js";
import { tsit5 } from "../tableaux/tsit5.js";
import { isSwitching, type SolverMethod } from "./auto-switch.js";
import type { OdeStart } from "./integrate-values.js";
import { numberOf } from "./object-numbers.js";
import { type AnyOdeProblem, signatureOf } from "./ode-problem.js";
import { OdePrograms } from "./ode-programs.js";
import type { SolveOptions } from "./solve-options.js";
import type { ComponentTolerances } from "./tolerances.js";

/** A problem's arrays on a target, and the programs that solve it there. */
export interface PlacedProblem {
  readonly ode: OdePrograms;
  readonly start: OdeStart;
  /** Frees the arrays and lets go of the programs; a second time it does nothing. */
  release(): void;
}

/** How many compiled fields are kept for the next solve. */
const cachedFields = 16;
const cache = new SharedCache<OdePrograms>(cachedFields);

/** Puts a problem on its target, with the programs of the last solves if they fit. */
export function placeProblem(
  problem: AnyOdeProblem,
  options: SolveOptions,
  tolerances?: ComponentTolerances,
): PlacedProblem {
  const programs = acquirePrograms(problem, options, tolerances);
  const { target } = programs.value;
  const scope = new ValueScope(target);
  const release = (): void => {
    scope.release();
    programs.release();
  };
  try {
    const state = scope.put(problem.y0.arrays);
    const params = scope.put(problem.params.arrays);
    return { ode: programs.value, start: { state, params, span: problem.span }, release };
  } catch (error) {
    release();
    throw error;
  }
}

function acquirePrograms(
  problem: AnyOdeProblem,
  options: SolveOptions,
  tolerances: ComponentTolerances | undefined,
) {
  const { method = tsit5, target = "auto", precision = "float64" } = options;
  const signature = () => ({ ...signatureOf(problem), tolerances });
  return cache.acquire(
    programKey(problem, options, tolerances),
    () => new OdePrograms(signature(), { method, target, precision }),
  );
}

/** Programs are the same for the same field, method and target, for equal names and shapes, and equal arrays of tolerances. */
export function programKey(
  problem: AnyOdeProblem,
  { method = tsit5, target = "auto", precision = "float64" }: SolveOptions,
  tolerances: ComponentTolerances | undefined,
): string {
  const where = typeof target === "string" ? target : numberOf(target);
  return `${fieldKeyOf(problem)} ${keyOf(method)} ${where} ${precision} ${toleranceKey(tolerances)}`;
}

const fieldKeys = new WeakMap<AnyOdeProblem, string>();

/** The field with its names and shapes, and what steers: the same problem is often solved many times, and its key made once. */
function fieldKeyOf(problem: AnyOdeProblem): string {
  const known = fieldKeys.get(problem);
  if (known !== undefined) return known;
  const { field, state, params, stateShapes, paramShapes, steers } = signatureOf(problem);
  const structure = JSON.stringify([state.paths, stateShapes, params.paths, paramShapes, steers]);
  const key = `${numberOf(field)} ${structure}`;
  fieldKeys.set(problem, key);
  return key;
}

function toleranceKey(tolerances: ComponentTolerances | undefined): string {
  const parts = Object.entries(tolerances ?? {}).map(([name, leaves]: [string, readonly NdArray[]]) =>
    [name, ...leaves.map(({ shape, data }) => `${shape}:${data}`)].join(" "),
  );
  return parts.join(" ");
}

/** Methods made of the same parts are the same. */
function keyOf(method: SolverMethod): unknown {
  if (!isSwitching(method)) return numberOf(method);
  const { threshold, stiffSteps, nonstiffSteps, stepFactor } = method.rule;
  return [
    numberOf(method.nonstiff),
    numberOf(method.stiff),
    threshold,
    stiffSteps,
    nonstiffSteps,
    stepFactor,
  ];
}
