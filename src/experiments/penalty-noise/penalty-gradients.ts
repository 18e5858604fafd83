import type { NdArray } from "../../compiler/nd-array.js";
import type { Precision, Target } from "../../compiler/targets/target.js";
import { flattenTree } from "../../compiler/tree.js";
import { fieldSignature } from "../../models/field-signature.js";
import type { Layer } from "../../nn/layer.js";
import { constant } from "../../nn/schedules.js";
import { errorPenalty } from "../../regularizers/error-penalty.js";
import type { Controller } from "../../solvers/ode/controllers.js";
import type { OdeProblem } from "../../solvers/ode/ode-problem.js";
import type { Solution } from "../../solvers/ode/solution.js";
import { solve } from "../../solvers/ode/solve.js";
import type { SolveOptions } from "../../solvers/ode/solve-options.js";
import { solveVjp } from "../../solvers/ode/solve-vjp.js";
import { tsit5 } from "../../solvers/tableaux/tsit5.js";

/** A neural ODE without its head, at certain parameters. */
export interface DrivenField {
  readonly field: Layer;
  /** Parameters of the field, under its own names. */
  readonly params: Readonly<Record<string, NdArray>>;
  /** Initial states, one a row. */
  readonly inputs: NdArray;
  /** Where each precision is computed. */
  readonly targets: Readonly<Record<Precision, Target>>;
}

/** How the field is solved. */
export interface SolverSetting {
  /** Both tolerances. */
  readonly tolerance: number;
  readonly controller: Controller;
}

/** What the error penalty, mean over steps of E_j h_j, is in single precision, and what it is in truth. */
export interface PenaltyGradients {
  /** Function evaluations of the solve in each precision, each with steps of its own. */
  readonly nfe: Readonly<Record<Precision, number>>;
  /** The penalty along the steps of the solve in single precision, computed in each. */
  readonly penalty: Readonly<Record<Precision, number>>;
  /** Between the two gradients of that penalty, over all parameters: 1 if they agree, 0 if one says nothing of the other. */
  readonly cosine: number;
  /** Length of the gradient in single precision over that of the true one. */
  readonly lengthRatio: number;
}

/**
 * Compares the gradient of the error penalty that training in single precision follows with the true one: that of the same
 * steps in double precision.
 *
 * @throws RangeError when a solve fails.
 */
export function comparePenaltyGradients(driven: DrivenField, setting: SolverSetting): PenaltyGradients {
  const problem = problemOf(driven);
  const { tolerance, controller } = setting;
  const optionsOf = (precision: Precision): SolveOptions => ({
    method: tsit5,
    rtol: tolerance,
    atol: tolerance,
    controller,
    precision,
    target: driven.targets[precision],
  });
  const single = penaltyAlong(problem, optionsOf("float32"));
  const grid = Array.from(single.solution.stepTimes.subarray(1));
  const double = penaltyAlong(problem, { ...optionsOf("float64"), grid });
  const ownSteps = successful(solve(problem, optionsOf("float64")));
  const [a, b] = [single.gradient, double.gradient];
  return {
    nfe: { float32: single.solution.stats.nfe.total, float64: ownSteps.stats.nfe.total },
    penalty: { float32: single.value, float64: double.value },
    cosine: product(a, b) / Math.sqrt(product(a, a) * product(b, b)),
    lengthRatio: Math.sqrt(product(a, a) / product(b, b)),
  };
}

function problemOf({ field, params, inputs }: DrivenField): OdeProblem {
  const signature = fieldSignature(field, inputs.shape);
  const { paths } = signature.params;
  return {
    field: signature.field,
    y0: { structure: signature.state, arrays: [inputs] },
    params: { structure: signature.params, arrays: paths.map((path) => params[path]) },
    span: [0, 1],
  };
}

/** The penalty's value along a solve's accepted steps, and its gradient for the parameters, one array after the other. */
function penaltyAlong(problem: OdeProblem, options: SolveOptions) {
  const { solution, pullback, dispose } = solveVjp(problem, options);
  try {
    const accepted = successful(solution).steps.filter((step) => step.accepted);
    const { value, dError } = errorPenalty({ weight: constant(1) }).steps(accepted, tsit5);
    const { params } = pullback({ error: dError });
    return { solution, value, gradient: flattenTree(params, isNdArray).leaves };
  } finally {
    dispose();
  }
}

function isNdArray(value: unknown): value is NdArray {
  return typeof value === "object" && value !== null && "data" in value;
}

/** @throws RangeError when the solve did not reach its end. */
function successful(solution: Solution): Solution {
  if (solution.code === "success") return solution;
  throw new RangeError(`the field cannot be solved in ${solution.precision}: ${solution.message}`);
}

function product(a: readonly NdArray[], b: readonly NdArray[]): number {
  let sum = 0;
  a.forEach(({ data }, leaf) => {
    for (let i = 0; i < data.length; i++) sum += data[i] * b[leaf].data[i];
  });
  return sum;
}
