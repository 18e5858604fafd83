import { sriTableau } from "./stochastic-tableau.js";

/**
 * Rößler's SRIW1 for diagonal noise: few distinct stages, of which only two are drifts.
 *
 * Rößler, SIAM Journal on Numerical Analysis 48(3), 2010, 922-952.
 */
export const sriw1 = sriTableau({
  name: "sriw1",
  a0: [[], [3 / 4], [0, 0], [0, 0, 0]],
  a1: [[], [1 / 4], [1, 0], [0, 0, 1 / 4]],
  b0: [[], [3 / 2], [0, 0], [0, 0, 0]],
  b1: [[], [1 / 2], [-1, 0], [-5, 3, 1 / 2]],
  alpha: [1 / 3, 2 / 3, 0, 0],
  beta1: [-1, 4 / 3, 2 / 3, 0],
  beta2: [-1, 4 / 3, -1 / 3, 0],
  beta3: [2, -4 / 3, -2 / 3, 0],
  beta4: [-2, 5 / 3, -2 / 3, 1],
  errorStages: [0, 1],
  errorWeight: 1 / 6,
  stabilitySize: 2,
});
