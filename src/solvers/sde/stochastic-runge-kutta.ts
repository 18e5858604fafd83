import * as tf from "@tensorflow/tfjs-core";
import type { Leaves } from "../ode/combined.js";
import { stiffnessQuotient } from "../ode/runge-kutta.js";
import { errorNorm } from "../ode/scaled-norm.js";
import type { SdeMethod, SdeStepResults, SdeStepStart, StochasticFields } from "./sde-method.js";
import type { StochasticTableau } from "./tableaux/stochastic-tableau.js";
import { plus, weightedSum } from "./weighted-sum.js";

/**
 * One step of any stochastic Runge–Kutta method for diagonal or additive noise, in ordinary tfjs operations (Rößler, SIAM
 * Journal on Numerical Analysis 48(3), 2010, 922-952).
 *
 * Error, as in StochasticDiffEq: the noise of orders I(1,0) and I(1,1,1), plus h times the sum of the drifts, scaled
 * (Rackauckas, Nie, Discrete and Continuous Dynamical Systems B 22(7), 2017, 2731-2761). It is of order h however smooth
 * the drift, which is why tolerances are as loose as 0.1. Stiffness: |f_j - f_i| / |y_j - y_i| for two drifts at one time.
 */
function stochasticRungeKuttaStep(
  tableau: StochasticTableau,
  { drift, diffusion }: StochasticFields,
  start: SdeStepStart,
): SdeStepResults {
  const { h, y, dW } = start;
  const { a0, a1, b0, b1, c0, c1, alpha, beta, errorWeights, stiffnessPair } = tableau;
  const { chi1, chi2, chi3 } = iteratedIntegrals(start);
  const rootH = tf.sqrt(h);
  const drifts: Leaves[] = [];
  const diffusions: Leaves[] = [];
  const points: Leaves[] = [];
  for (let stage = 0; stage < tableau.stages; stage++) {
    const byDrift = weightedSum(h, a0[stage], drifts);
    const point = plus(y, byDrift, weightedSum(chi2, b0[stage], diffusions));
    const noisePoint = plus(y, weightedSum(h, a1[stage], drifts), weightedSum(rootH, b1[stage], diffusions));
    points.push(point);
    drifts.push(drift(timeOf(start, c0[stage]), point));
    diffusions.push(diffusion(timeOf(start, c1[stage]), noisePoint));
  }
  const zeros = y.map((leaf) => tf.zerosLike(leaf));
  const higherNoise = plus(
    zeros,
    weightedSum(chi2, beta.chi2, diffusions),
    weightedSum(chi3, beta.chi3, diffusions),
  );
  const next = plus(
    y,
    weightedSum(h, alpha, drifts),
    higherNoise,
    weightedSum(dW, beta.dW, diffusions),
    weightedSum(chi1, beta.chi1, diffusions),
  );
  const errorEstimate = plus(higherNoise, weightedSum(h, errorWeights, drifts));
  return {
    next,
    error: errorNorm(start, y, next)(errorEstimate),
    stiffness: stiffnessPair && stiffnessQuotient(stiffnessPair, points, drifts, start.steers),
  };
}

/** A tableau's method as the solver sees every method. */
export function stochasticRungeKutta(tableau: StochasticTableau): SdeMethod {
  const { name, noise, order, evaluations, stabilitySize, stiffnessPair } = tableau;
  return {
    name,
    noise,
    order,
    estimatesError: true,
    estimatesStiffness: stiffnessPair !== undefined,
    stabilitySize,
    evaluations,
    step: (fields, start) => stochasticRungeKuttaStep(tableau, fields, start),
  };
}

/** I(1,1) / sqrt h, I(1,0) / h and I(1,1,1) / h of Itô (Kloeden, Platen 1992, section 10.4 and equation 5.2.22). */
function iteratedIntegrals({ h, dW, dZ }: SdeStepStart): Record<"chi1" | "chi2" | "chi3", Leaves> {
  const rootH = tf.sqrt(h);
  const squares = dW.map((w) => tf.square(w));
  return {
    chi1: squares.map((square) => tf.div(tf.sub(square, h), tf.mul(rootH, 2))),
    chi2: dW.map((w, i) => tf.mul(tf.add(w, tf.mul(dZ[i], 1 / Math.sqrt(3))), 1 / 2)),
    chi3: dW.map((w, i) => tf.div(tf.mul(w, tf.sub(squares[i], tf.mul(h, 3))), tf.mul(h, 6))),
  };
}

function timeOf({ t, h }: SdeStepStart, c: number): tf.Tensor {
  return c === 0 ? t : tf.add(t, tf.mul(h, c));
}
