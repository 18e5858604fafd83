import { sriTableau } from "./stochastic-tableau.js";

/**
 * Rößler's SRIW2 for diagonal noise: of order 3 where there is no noise.
 *
 * Rößler, SIAM Journal on Numerical Analysis 48(3), 2010, 922-952.
 */
export const sriw2 = sriTableau({
  name: "sriw2",
  a0: [[], [1], [1 / 4, 1 / 4], [0, 0, 0]],
  a1: [[], [1 / 4], [1, 0], [0, 0, 1 / 4]],
  b0: [[], [0], [1, 1 / 2], [0, 0, 0]],
  b1: [[], [-1 / 2], [1, 0], [2, -1, 1 / 2]],
  alpha: [1 / 6, 1 / 6, 2 / 3, 0],
  beta1: [-1, 4 / 3, 2 / 3, 0],
  beta2: [1, -4 / 3, 1 / 3, 0],
  beta3: [2, -4 / 3, -2 / 3, 0],
  beta4: [-2, 5 / 3, -2 / 3, 1],
  stabilitySize: 2.513,
});
