import { sraTableau } from "./stochastic-tableau.js";

/**
 * Rößler's SRA1 for additive noise: two drifts a step.
 *
 * Rößler, SIAM Journal on Numerical Analysis 48(3), 2010, 922-952.
 */
export const sra1 = sraTableau({
  name: "sra1",
  a0: [[], [3 / 4]],
  b0: [[], [3 / 2]],
  c1: [1, 0],
  alpha: [1 / 3, 2 / 3],
  beta1: [1, 0],
  beta2: [-1, 1],
  stabilitySize: 2,
});
