import { tableau } from "./tableau.js";

/**
 * Dormand and Prince 5(4), with their own embedded formula (not Shampine's of 1986, which other libraries use).
 *
 * Dormand, Prince, Journal of Computational and Applied Mathematics 6(1), 1980, 19-26.
 */
export const dopri5 = tableau({
  name: "dopri5",
  order: 5,
  errorOrder: 5,
  a: [
    [],
    [1 / 5],
    [3 / 40, 9 / 40],
    [44 / 45, -56 / 15, 32 / 9],
    [19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729],
    [9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656],
    [35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84],
  ],
  b: [35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84, 0],
  errorWeights: [71 / 57600, 0, -71 / 16695, 71 / 1920, -17253 / 339200, 22 / 525, -1 / 40],
  stiffnessPair: [5, 6],
  stabilitySize: 3.3066,
});
