import { sraTableau } from "./stochastic-tableau.js";

/**
 * Rößler's SRA3 for additive noise: of order 3 where there is no noise.
 *
 * Rößler, SIAM Journal on Numerical Analysis 48(3), 2010, 922-952.
 */
export const sra3 = sraTableau({
  name: "sra3",
  a0: [[], [1], [1 / 4, 1 / 4]],
  b0: [[], [0], [1, 1 / 2]],
  c1: [1, 0, 0],
  alpha: [1 / 6, 1 / 6, 2 / 3],
  beta1: [1, 0, 0],
  beta2: [-1, 1, 0],
  stabilitySize: 2.513,
});
