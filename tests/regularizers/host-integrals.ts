import { type NdArray, ndArray } from "../../src/compiler/nd-array.js";
import type { SmallField } from "./small-fields.js";

/** y + sum_i weights_i arrays_i. */
function combination(y: NdArray, weights: readonly number[], arrays: readonly NdArray[]): NdArray {
  const data = y.data.map((value, i) =>
    arrays.reduce((sum, { data }, j) => sum + weights[j] * data[i], value),
  );
  return ndArray(y.shape, data);
}

/** The solution at t + h by steps of the classical method of order 4 so small that rounding is what is left of the error. */
export function advanced({ slope }: SmallField, t: number, y: NdArray, h: number, steps: number): NdArray {
  const size = h / steps;
  let state = y;
  for (let i = 0; i < steps; i++) {
    const time = t + i * size;
    const k1 = slope(time, state);
    const k2 = slope(time + size / 2, combination(state, [size / 2], [k1]));
    const k3 = slope(time + size / 2, combination(state, [size / 2], [k2]));
    const k4 = slope(time + size, combination(state, [size], [k3]));
    state = combination(state, [size / 6, size / 3, size / 3, size / 6], [k1, k2, k3, k4]);
  }
  return state;
}

/** Weights of central differences at -4, ..., 4, by order of the derivative (Fornberg, 1988, table 1). */
const differences: Readonly<Record<number, readonly number[]>> = {
  1: [1 / 280, -4 / 105, 1 / 5, -4 / 5, 0, 4 / 5, -1 / 5, 4 / 105, -1 / 280],
  2: [-1 / 560, 8 / 315, -1 / 5, 8 / 5, -205 / 72, 8 / 5, -1 / 5, 8 / 315, -1 / 560],
  3: [-7 / 240, 3 / 10, -169 / 120, 61 / 30, 0, -61 / 30, 169 / 120, -3 / 10, 7 / 240],
};

/** d^K y/dt^K of the solution through a point, K at least 2: differences of its slope along it, of order 6 and more. */
export function solutionDerivative(field: SmallField, t: number, y: NdArray, order: number): NdArray {
  const h = 0.01;
  const slopes = [-4, -3, -2, -1, 0, 1, 2, 3, 4].map((place) =>
    field.slope(t + place * h, advanced(field, t, y, place * h, 4)),
  );
  const weights = differences[order - 1].map((weight) => weight / h ** (order - 1));
  return combination(ndArray(y.shape, new Float64Array(y.data.length)), weights, slopes);
}

/** eps^T df/dy, row by row, by central differences of order 8 of <eps, f> in every element of y. */
export function probedJacobian(field: SmallField, t: number, y: NdArray, probe: NdArray): NdArray {
  const h = 0.01;
  const data = Float64Array.from(y.data, (_, at) => {
    let sum = 0;
    differences[1].forEach((weight, i) => {
      const moved = Float64Array.from(y.data);
      moved[at] += (i - 4) * h;
      const slope = field.slope(t, ndArray(y.shape, moved));
      slope.data.forEach((value, j) => {
        sum += (weight / h) * value * probe.data[j];
      });
    });
    return sum;
  });
  return ndArray(y.shape, data);
}

/** Nodes and weights of Gauss and Legendre's rule of five points on [-1, 1] (Abramowitz and Stegun, table 25.4). */
const nodes = [-0.906179845938664, -0.538469310105683, 0, 0.538469310105683, 0.906179845938664];
const weights = [
  0.236926885056189, 0.478628670499366, 0.568888888888889, 0.478628670499366, 0.236926885056189,
];

/** The integral over |dt| of a number along the solution, by Gauss and Legendre's rule on panels. */
export function integralAlong(
  field: SmallField,
  [start, end]: readonly [number, number],
  rate: (t: number, y: NdArray) => number,
): number {
  const panels = 6;
  const width = (end - start) / panels;
  let sum = 0;
  let y = field.inputs;
  let t = start;
  for (let panel = 0; panel < panels; panel++) {
    const middle = start + (panel + 0.5) * width;
    nodes.forEach((node, i) => {
      const time = middle + (node * width) / 2;
      y = advanced(field, t, y, time - t, 8);
      t = time;
      sum += (weights[i] * Math.abs(width) * rate(t, y)) / 2;
    });
  }
  return sum;
}

/** Mean of squares over all elements: over the state's of each row, then over rows. */
export function meanSquare({ data }: NdArray): number {
  return Array.from(data).reduce((sum, value) => sum + value * value, 0) / data.length;
}
