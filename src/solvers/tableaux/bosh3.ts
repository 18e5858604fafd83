import { tableau } from "./tableau.js";

/**
 * Bogacki and Shampine 3(2): cheap steps for loose tolerances; no two stages share a time, so no stiffness estimate.
 *
 * Bogacki, Shampine, Applied Mathematics Letters 2(4), 1989, 321-325.
 */
export const bosh3 = tableau({
  name: "bosh3",
  order: 3,
  errorOrder: 3,
  a: [[], [1 / 2], [0, 3 / 4], [2 / 9, 1 / 3, 4 / 9]],
  b: [2 / 9, 1 / 3, 4 / 9, 0],
  errorWeights: [-5 / 72, 1 / 12, 1 / 9, -1 / 8],
  stabilitySize: 2.5127,
});
