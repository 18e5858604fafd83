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
  const { name, a, b, errorWeights, stiffnessPair } = coefficients;
  const fail = (condition: string): never => {
    throw new RangeError(`tableau "${name}": ${condition}`);
  };
  const stages = b.length;
  if (a.length !== stages)
    fail(`a has ${a.length} rows, but b has ${stages} weights; one row per stage is needed`);
  a.forEach((row, i) => {
    if (row.length !== i)
      fail(`row ${i} of a has ${row.length} weights, ${i} are needed for an explicit method`);
  });
  if (Math.abs(sum(b) - 1) > rounding) fail(`the weights b must sum to 1, got ${sum(b)}`);
  if (errorWeights) {
    if (errorWeights.length !== stages)
      fail(`errorWeights has ${errorWeights.length} entries, ${stages} are needed`);
    if (Math.abs(sum(errorWeights)) > rounding) fail(`errorWeights must sum to 0, got ${sum(errorWeights)}`);
  }
  // a stage at the end of the step is exactly there, so that a field is never asked beyond it
  const c = a.map(sum).map((time) => (Math.abs(time - 1) < rounding ? 1 : time));
  if (stiffnessPair && Math.abs(c[stiffnessPair[0]] - c[stiffnessPair[1]]) > rounding) {
    fail(
      `the stages ${stiffnessPair} of stiffnessPair are at different times, ${stiffnessPair.map((i) => c[i])}`,
    );
  }
  const last = a[stages - 1];
  const lastStageAtEnd = stages > 1 && last.every((weight, j) => weight === b[j]) && b[stages - 1] === 0;
  return { ...coefficients, stages, c, lastStageAtEnd, fsal: lastStageAtEnd };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
