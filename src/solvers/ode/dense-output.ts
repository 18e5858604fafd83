import * as tf from "@tensorflow/tfjs-core";
import type { Tableau } from "../tableaux/tableau.js";
import { combined, type Leaves } from "./combined.js";
import { highestDegree, lowestDegree, raisedInterpolation, slopesWithin } from "./raised-interpolation.js";

/** A finished step as dense output sees it. */
export interface FinishedStep {
  readonly h: tf.Tensor;
  readonly y: Leaves;
  readonly next: Leaves;
  readonly slopes: readonly Leaves[];
  /** The field at a fraction of the step, for methods without a polynomial of their own. */
  readonly slopeWithin: (theta: number, state: Leaves) => Leaves;
}

/**
 * Degree of the polynomial in theta that continues a method's steps: its own, or one less than its order, which between
 * the steps errs by the same power of h as their ends after many steps.
 */
export function denseDegree({ dense, order }: Tableau): number {
  return dense ? dense[0].length : Math.min(Math.max(lowestDegree, order - 1), highestDegree);
}

/** Field evaluations that dense output costs in every step. */
export function denseEvaluations(tableau: Tableau): number {
  if (tableau.dense) return 0;
  const atEnd = tableau.fsal ? 0 : 1;
  return atEnd + slopesWithin(denseDegree(tableau));
}

/**
 * The coefficients of theta, theta^2, ... in y(t + theta h) - y, each leaf by leaf: those of the method's continuous
 * extension, or of a polynomial through both ends and their slopes.
 */
export function denseCoefficients(tableau: Tableau, step: FinishedStep): tf.Tensor[][] {
  const { dense } = tableau;
  const { h, y, next, slopes, slopeWithin } = step;
  if (!dense) {
    const endSlope = tableau.fsal ? slopes[slopes.length - 1] : slopeWithin(1, next);
    const ends = { h, y, next, slope: slopes[0], endSlope };
    return raisedInterpolation(denseDegree(tableau), { ...ends, slopeWithin });
  }
  const weightsOf = (power: number): number[] => dense.map((row) => row[power]);
  return dense[0].map((_, power) => combined(undefined, h, weightsOf(power), slopes));
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
