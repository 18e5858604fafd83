import * as tf from "@tensorflow/tfjs-core";
import type { Tableau } from "../tableaux/tableau.js";
import { combined, type Leaves } from "./combined.js";

/** A finished step as dense output sees it. */
export interface FinishedStep {
  readonly h: tf.Tensor;
  readonly y: Leaves;
  readonly next: Leaves;
  readonly slopes: readonly Leaves[];
  /** Slope at the end of the step; needed where the method has no polynomial of its own. */
  readonly endSlope?: Leaves;
}

/** Degree of the polynomial in theta that continues a method's steps. */
export function denseDegree({ dense }: Tableau): number {
  return dense ? dense[0].length : 3;
}

/**
 * The coefficients of theta, theta^2, ... in y(t + theta h) - y, each leaf by leaf: those of the method's continuous
 * extension, or of the cubic Hermite polynomial (Hairer, Norsett, Wanner I, II.6, eq. 6.7).
 */
export function denseCoefficients(tableau: Tableau, step: FinishedStep): tf.Tensor[][] {
  const { dense } = tableau;
  if (!dense) return hermiteCoefficients(step);
  const weightsOf = (power: number): number[] => dense.map((row) => row[power]);
  return dense[0].map((_, power) => combined(undefined, step.h, weightsOf(power), step.slopes));
}

function hermiteCoefficients({ h, y, next, slopes: [first], endSlope }: FinishedStep): tf.Tensor[][] {
  if (!endSlope) throw new Error("internal: the Hermite polynomial needs the slope at the end of the step");
  const change = y.map((leaf, i) => tf.sub(next[i], leaf));
  const plus = (multiple: number, weights: readonly number[]): tf.Tensor[] => {
    const base = change.map((leaf) => tf.mul(leaf, multiple));
    return combined(base, h, weights, [first, endSlope]);
  };
  return [combined(undefined, h, [1], [first]), plus(3, [-2, -1]), plus(-2, [1, 1])];
}

/** The state within a step, by Horner's rule. */
export function interpolated(y: Leaves, coefficients: readonly Leaves[], theta: tf.Tensor): tf.Tensor[] {
  return y.map((leaf, i) => {
    const increment = coefficients.reduceRight<tf.Tensor | undefined>(
      (sum, coefficient) => tf.mul(sum ? tf.add(coefficient[i], sum) : coefficient[i], theta),
      undefined,
    );
    return increment ? tf.add(leaf, increment) : leaf;
  });
}
