/** Coefficients of an explicit Runge–Kutta method with an embedded error estimate, as its paper gives them. */
export interface TableauCoefficients {
  readonly name: string;
  /** Order of the solution that is carried on. */
  readonly order: number;
  /** Order in h of the error estimate: one more than the lower of the two formulas' orders. */
  readonly errorOrder: number;
  /** Row i holds the weights of stages 0..i-1 in the argument of stage i. */
  readonly a: readonly (readonly number[])[];
  /** Weights of the stages in the solution. */
  readonly b: readonly number[];
  /** Weights of the stages in the error estimate: b minus those of the embedded formula. Absent: no estimate. */
  readonly errorWeights?: readonly number[];
  /**
   * Dense output: row i holds the coefficients of theta, theta^2, ... in the weight of stage i, so that y(t + theta h) is
   * y + h sum_i weight_i(theta) k_i. Absent: a polynomial through both ends and their slopes, which is of the method's order,
   * at the cost of further evaluations from order 5 on.
   */
  readonly dense?: readonly (readonly number[])[];
  /** Two stages at the same time, whose differences estimate the stiffness. */
  readonly stiffnessPair?: readonly [number, number];
  /** Length of the stability region along the negative real axis. */
  readonly stabilitySize?: number;
}

/** A checked method, with what follows from its coefficients. */
export interface Tableau extends TableauCoefficients {
  readonly stages: number;
  /** Times of the stages within the step: the row sums of `a`. */
  readonly c: readonly number[];
  /** The last stage's argument is the solution itself. */
  readonly lastStageAtEnd: boolean;
  /** First same as last: the last stage is the next step's first, at no cost. */
  readonly fsal: boolean;
}

const rounding = 1e-12;

/**
 * Checks a method's coefficients and derives the rest.
 *
 * @throws RangeError naming the method and the condition that fails.
 */
export function tableau(coefficients: TableauCoefficients): Tableau {
  const { a, b } = coefficients;
  // a stage at the end of the step is exactly there, so that a field is never asked beyond it
  const c = a.map(sum).map((time) => (near(time, 1) ? 1 : time));
  const fault = faultOf(coefficients, c);
  if (fault) throw new RangeError(`tableau "${coefficients.name}": ${fault}`);
  const stages = b.length;
  const last = a[stages - 1];
  const lastStageAtEnd = stages > 1 && last.every((weight, j) => weight === b[j]) && b[stages - 1] === 0;
  return { ...coefficients, stages, c, lastStageAtEnd, fsal: lastStageAtEnd };
}

/** The first condition that coefficients fail, in words. */
function faultOf(coefficients: TableauCoefficients, c: readonly number[]): string | undefined {
  const { a, b, errorWeights } = coefficients;
  const stages = b.length;
  if (a.length !== stages)
    return `a has ${a.length} rows, but b has ${stages} weights; give one row per stage`;
  const row = a.findIndex(({ length }, i) => length !== i);
  if (row >= 0) return `row ${row} of a has ${a[row].length} weights, an explicit method needs ${row}`;
  if (!c.every(Number.isFinite)) return `the weights a must be numbers, the rows sum to ${c}`;
  if (!near(sum(b), 1)) return `the weights b must sum to 1, got ${sum(b)}`;
  if (errorWeights && errorWeights.length !== stages) {
    return `errorWeights has ${errorWeights.length} entries, one per stage is needed, ${stages}`;
  }
  if (errorWeights && !near(sum(errorWeights), 0)) {
    return `errorWeights must sum to 0, got ${sum(errorWeights)}`;
  }
  return denseFault(coefficients) ?? pairFault(coefficients, c);
}

/** A polynomial must start at y with slope k_0, and end at the solution. */
function denseFault({ b, dense }: TableauCoefficients): string | undefined {
  if (!dense) return undefined;
  if (dense.length !== b.length)
    return `dense has ${dense.length} rows, one per stage is needed, ${b.length}`;
  const start = dense.findIndex(([slope], i) => !near(slope, i === 0 ? 1 : 0));
  if (start >= 0) return `row ${start} of dense must start with ${start ? 0 : 1}, got ${dense[start][0]}`;
  const end = dense.findIndex((row, i) => !near(sum(row), b[i]));
  return end >= 0
    ? `row ${end} of dense must sum to b[${end}] = ${b[end]}, got ${sum(dense[end])}`
    : undefined;
}

function pairFault({ b, stiffnessPair }: TableauCoefficients, c: readonly number[]): string | undefined {
  if (!stiffnessPair) return undefined;
  const stages = b.length;
  const [i, j] = stiffnessPair;
  if (i === j || c[i] === undefined || c[j] === undefined) {
    return `stiffnessPair must name two of the stages 0 to ${stages - 1}, got ${i} and ${j}`;
  }
  return near(c[i], c[j])
    ? undefined
    : `the stages ${i} and ${j} of stiffnessPair must be at one time, they are at ${c[i]} and ${c[j]}`;
}

function near(a: number, b: number): boolean {
  return Math.abs(a - b) <= rounding;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
