import { stageEvaluations } from "./stage-evaluations.js";

/** Which kind of noise a method, or a problem, is for. */
export type NoiseKind = "diagonal" | "additive";

/** Lower triangular weights: row i holds those of stages 0..i-1 in the argument of stage i. */
export type Rows = readonly (readonly number[])[];

/** What methods for both kinds of noise have. */
export interface CommonCoefficients {
  readonly name: string;
  /** Weights of the drifts in the arguments of the drifts, in steps. */
  readonly a0: Rows;
  /** Weights of the diffusions in the arguments of the drifts. */
  readonly b0: Rows;
  /** Weights of the drifts in the solution. */
  readonly alpha: readonly number[];
  /** Weights of the diffusions in the solution, times dW. */
  readonly beta1: readonly number[];
  /** The drifts whose sum is the deterministic part of the error estimate. @defaultValue all */
  readonly errorStages?: readonly number[];
  /** Weight of that part beside the stochastic one. @defaultValue 1 */
  readonly errorWeight?: number;
  /** Two drifts at the same time, whose differences estimate the stiffness. */
  readonly stiffnessPair?: readonly [number, number];
  /** Length of the drift's stability region along the negative real axis. */
  readonly stabilitySize?: number;
}

/** Coefficients of a method for diagonal noise (Rößler, SIAM Journal on Numerical Analysis 48(3), 2010). */
export interface SriCoefficients extends CommonCoefficients {
  /** Weights of the drifts in the arguments of the diffusions, in steps. */
  readonly a1: Rows;
  /** Weights of the diffusions in the arguments of the diffusions, times the root of the step. */
  readonly b1: Rows;
  /** Weights of the diffusions, times I(1,1) / sqrt h. */
  readonly beta2: readonly number[];
  /** Weights of the diffusions, times I(1,0) / h. */
  readonly beta3: readonly number[];
  /** Weights of the diffusions, times I(1,1,1) / h. */
  readonly beta4: readonly number[];
}

/** Coefficients of a method for additive noise (Rößler 2010). */
export interface SraCoefficients extends CommonCoefficients {
  /** Times of the diffusions within the step. */
  readonly c1: readonly number[];
  /** Weights of the diffusions, times I(1,0) / h. */
  readonly beta2: readonly number[];
}

/**
 * A checked stochastic Runge–Kutta method. One for additive noise is one for diagonal noise whose diffusions are taken at
 * the start of the step and without I(1,1) and I(1,1,1), so that one step runs them all.
 */
export interface StochasticTableau extends CommonCoefficients {
  readonly noise: NoiseKind;
  /** Strong order, that of the step size control too; 2 for additive noise where drift and diffusion are linear. */
  readonly order: number;
  readonly stages: number;
  readonly a1: Rows;
  readonly b1: Rows;
  /** Times of the drifts within the step: the row sums of a0. */
  readonly c0: readonly number[];
  /** Times of the diffusions within the step. */
  readonly c1: readonly number[];
  /** Weights of the diffusions in the solution, by the integral that they are multiplied with. */
  readonly beta: {
    readonly dW: readonly number[];
    readonly chi1: readonly number[];
    readonly chi2: readonly number[];
    readonly chi3: readonly number[];
  };
  /** Weights of the drifts in the error estimate. */
  readonly errorWeights: readonly number[];
  /** How many drifts and diffusions differ, and are needed. */
  readonly evaluations: { readonly drift: number; readonly diffusion: number };
}

/**
 * Checks the coefficients of a method for diagonal noise and derives the rest.
 *
 * @throws RangeError naming the method and the condition that fails.
 */
export function sriTableau(coefficients: SriCoefficients): StochasticTableau {
  const { a1, b1, beta1, beta2, beta3, beta4 } = coefficients;
  const beta = { dW: beta1, chi1: beta2, chi2: beta3, chi3: beta4 };
  return checked("diagonal", coefficients, { a1, b1, c1: times(a1), beta });
}

/**
 * Checks the coefficients of a method for additive noise and derives the rest.
 *
 * @throws RangeError naming the method and the condition that fails.
 */
export function sraTableau(coefficients: SraCoefficients): StochasticTableau {
  const { alpha, c1, beta1, beta2 } = coefficients;
  const none = alpha.map(() => 0);
  const rows = alpha.map((_, i) => none.slice(0, i));
  const beta = { dW: beta1, chi1: none, chi2: beta2, chi3: none };
  return checked("additive", coefficients, { a1: rows, b1: rows, c1, beta });
}

function checked(
  noise: NoiseKind,
  coefficients: CommonCoefficients,
  diffusion: Pick<StochasticTableau, "a1" | "b1" | "c1" | "beta">,
): StochasticTableau {
  const { alpha, errorStages = alpha.map((_, i) => i), errorWeight = 1 } = coefficients;
  const tableau = {
    ...coefficients,
    ...diffusion,
    noise,
    order: 1.5,
    stages: alpha.length,
    c0: times(coefficients.a0),
    errorWeights: alpha.map((_, i) => (errorStages.includes(i) ? errorWeight : 0)),
  };
  const fault = faultOf(tableau);
  if (fault) throw new RangeError(`stochastic tableau "${coefficients.name}": ${fault}`);
  return { ...tableau, evaluations: stageEvaluations(tableau) };
}

/** The first condition that coefficients fail, in words. */
function faultOf(tableau: Omit<StochasticTableau, "evaluations">): string | undefined {
  const { stages, alpha, a0, a1, b0, b1, c0, c1, beta, stiffnessPair } = tableau;
  for (const [name, rows] of Object.entries({ a0, a1, b0, b1 })) {
    if (rows.length !== stages) return `${name} has ${rows.length} rows, one per stage is needed, ${stages}`;
    const row = rows.findIndex(({ length }, i) => length !== i);
    if (row >= 0)
      return `row ${row} of ${name} has ${rows[row].length} weights, an explicit method needs ${row}`;
  }
  for (const [name, weights] of Object.entries({ c1, ...beta })) {
    if (weights.length !== stages) {
      return `the weights of ${name} are ${weights.length}, one per stage is needed, ${stages}`;
    }
  }
  // consistency: the drift counts once, dW once, and what has mean zero is not moved
  for (const [name, weights] of Object.entries({ alpha, ...beta })) {
    const wanted = name === "alpha" || name === "dW" ? 1 : 0;
    if (!near(sum(weights), wanted)) {
      return `the weights of ${name} must sum to ${wanted}, got ${sum(weights)}`;
    }
  }
  if (stiffnessPair) return pairFault(stiffnessPair, c0);
  return undefined;
}

function pairFault([i, j]: readonly [number, number], c0: readonly number[]): string | undefined {
  if (i === j || c0[i] === undefined || c0[j] === undefined) {
    return `stiffnessPair must name two of the stages 0 to ${c0.length - 1}, got ${i} and ${j}`;
  }
  return near(c0[i], c0[j])
    ? undefined
    : `the stages ${i} and ${j} of stiffnessPair must be at one time, they are at ${c0[i]} and ${c0[j]}`;
}

/** Row sums; a stage at the end of the step is exactly there. */
function times(rows: Rows): number[] {
  return rows.map(sum).map((time) => (near(time, 1) ? 1 : time));
}

function near(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1e-12;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
