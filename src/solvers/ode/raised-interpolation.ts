import * as tf from "@tensorflow/tfjs-core";
import { inverse, Matrix } from "ml-matrix";
import { combined, type Leaves } from "./combined.js";

/** A step's two ends with their slopes, and how to get the slope at a state within. */
export interface SteppedOver {
  readonly h: tf.Tensor;
  readonly y: Leaves;
  readonly next: Leaves;
  readonly slope: Leaves;
  readonly endSlope: Leaves;
  /** The field at a fraction of the step. */
  readonly slopeWithin: (theta: number, state: Leaves) => Leaves;
}

/**
 * Where each level takes its slopes, as fractions of the step; the weights of their errors in the polynomial stay below h / 2.
 * One node in the middle, or others that mirror each other in odd number, would not determine it.
 */
const nodesOfLevel: readonly (readonly number[])[] = [
  [],
  [0.8],
  [0.2, 0.8],
  [0.15, 0.75, 0.85],
  [0.15, 0.25, 0.75, 0.85],
];

/** Degree of the Hermite polynomial, with which it begins. */
export const lowestDegree = 3;
/** The highest degree to which it is raised. */
export const highestDegree = lowestDegree + nodesOfLevel.length - 1;

const levels = (degree: number): readonly (readonly number[])[] =>
  nodesOfLevel.slice(0, degree - lowestDegree + 1);

/** Field evaluations within a step for a polynomial of a degree; those at its ends do not count. */
export function slopesWithin(degree: number): number {
  return levels(degree).reduce((sum, { length }) => sum + length, 0);
}

/**
 * The coefficients of theta, theta^2, ... up to a degree in y(t + theta h) - y, each leaf by leaf, for a method that gives
 * no polynomial: the cubic Hermite polynomial is raised one degree after the other, each time by slopes at states
 * on the last one, which costs an order of h less than it gains (the boot-strap process of Hairer, Norsett, Wanner I, II.6).
 */
export function raisedInterpolation(degree: number, step: SteppedOver): tf.Tensor[][] {
  let coefficients: tf.Tensor[][] = [];
  for (const nodes of levels(degree)) {
    const last = coefficients;
    const inner = nodes.map((theta) => step.slopeWithin(theta, stateWithin(step.y, last, theta)));
    coefficients = coefficientsThrough(nodes, inner, step);
  }
  return coefficients;
}

/** The polynomial through both ends with all these slopes. */
function coefficientsThrough(
  nodes: readonly number[],
  inner: readonly Leaves[],
  step: SteppedOver,
): tf.Tensor[][] {
  const { h, y, next, slope, endSlope } = step;
  const change = y.map((leaf, i) => tf.sub(next[i], leaf));
  return weightsThrough(nodes).map(([ofChange, ...ofSlopes]) => {
    const base = ofChange === 0 ? undefined : change.map((leaf) => tf.mul(leaf, ofChange));
    return combined(base, h, ofSlopes, [slope, endSlope, ...inner]);
  });
}

/**
 * Row j: the weights in the coefficient of theta^(j + 1) of the step's whole change, and of h times the slopes at its
 * start, at its end, and at the nodes.
 */
function weightsThrough(nodes: readonly number[]): number[][] {
  const powers = Array.from({ length: lowestDegree + nodes.length }, (_, j) => j + 1);
  const slopeAt = (theta: number): number[] => powers.map((power) => power * theta ** (power - 1));
  const conditions = [powers.map(() => 1), slopeAt(0), slopeAt(1), ...nodes.map(slopeAt)];
  // what is zero but for rounding would cost an operation on every element
  const clean = (weight: number): number => (Math.abs(weight) < 1e-13 ? 0 : weight);
  return inverse(new Matrix(conditions))
    .to2DArray()
    .map((row) => row.map(clean));
}

function stateWithin(y: Leaves, coefficients: readonly Leaves[], theta: number): tf.Tensor[] {
  const weights = coefficients.map((_, j) => theta ** (j + 1));
  return combined(y, tf.scalar(1), weights, coefficients);
}
