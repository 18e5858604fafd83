import { sraTableau } from "./stochastic-tableau.js";

/**
 * Rößler's SRA2 for additive noise: two drifts a step.
 *
 * Rößler, SIAM Journal on Numerical Analysis 48(3), 2010, 922-952.
 */
export const sra2 = sraTableau({
  name: "sra2",
  a0: [[], [3 / 4]],
  b0: [[], [3 / 2]],
  c1: [1 / 3, 1],
  alpha: [1 / 3, 2 / 3],
  beta1: [0, 1],
  beta2: [3 / 2, -3 / 2],
  stabilitySize: 2,
});
