import { stageEvaluations } from "./stage-evaluations.js";

/** Which kind of noise a method, or a problem, is for. */
export type NoiseKind = "diagonal" | "additive";

/** Lower triangular weights: row i holds those of stages 0..i-1 in the argument of stage i. */
export type Rows = readonly (readonly number[])[];

/** What methods for both kinds of noise have. */
export interface CommonCoefficients {
  readonly name: string;
  /** Strong order, that of the step size control too. @defaultValue 1.5 */
  readonly order?: number;
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
export interface StochasticTableau
  extends Pick<CommonCoefficients, "name" | "a0" | "b0" | "alpha" | "stiffnessPair" | "stabilitySize"> {
  readonly noise: NoiseKind;
  /** Strong order, that of the step size control too. */
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

/** A method before it is known how much it evaluates. */
type Stages = Omit<StochasticTableau, "evaluations">;

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
  const { name, order = 1.5, a0, b0, alpha, stiffnessPair, stabilitySize } = coefficients;
  const { errorStages = alpha.map((_, i) => i), errorWeight = 1 } = coefficients;
  const tableau = {
    name,
    noise,
    order,
    stages: alpha.length,
    a0,
    b0,
    c0: times(a0),
    alpha,
    ...diffusion,
    stiffnessPair,
    stabilitySize,
    errorWeights: alpha.map((_, i) => (errorStages.includes(i) ? errorWeight : 0)),
  };
  const fault = rowsFault(tableau) ?? weightsFault(tableau, coefficients) ?? pairFault(tableau);
  if (fault) throw new RangeError(`stochastic tableau "${name}": ${fault}`);
  return { ...tableau, evaluations: stageEvaluations(tableau) };
}

/** A row that has not the weights of the stages before it. */
function rowsFault({ stages, a0, a1, b0, b1 }: Stages): string | undefined {
  for (const [name, rows] of Object.entries({ a0, a1, b0, b1 })) {
    if (rows.length !== stages) return `${name} has ${rows.length} rows, one per stage is needed, ${stages}`;
    const row = rows.findIndex(({ length }, i) => length !== i);
    if (row < 0) continue;
    return `row ${row} of ${name} has ${rows[row].length} weights, an explicit method needs ${row}`;
  }
  return undefined;
}

/** Consistency: the drift counts once, dW once, and what has mean zero moves nothing. */
function weightsFault({ stages, alpha, c1 }: Stages, coefficients: CommonCoefficients): string | undefined {
  const beta = Object.entries(coefficients).filter(([name]) => name.startsWith("beta"));
  const weights: [string, readonly number[]][] = [["alpha", alpha], ...beta];
  const lengths: [string, readonly number[]][] = [["c1", c1], ...weights];
  const uneven = lengths.find(([, numbers]) => numbers.length !== stages);
  if (uneven) return `${uneven[0]} has ${uneven[1].length} entries, one per stage is needed, ${stages}`;
  const wanted = (name: string): number => (name === "alpha" || name === "beta1" ? 1 : 0);
  const off = weights.find(([name, numbers]) => !near(sum(numbers), wanted(name)));
  return off && `the weights ${off[0]} must sum to ${wanted(off[0])}, got ${sum(off[1])}`;
}

function pairFault({ stiffnessPair, c0 }: Stages): string | undefined {
  if (!stiffnessPair) return undefined;
  const [i, j] = stiffnessPair;
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
