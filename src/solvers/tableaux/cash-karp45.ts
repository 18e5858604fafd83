import { tableau } from "./tableau.js";

/**
 * Cash and Karp 5(4): six stages, none of them repeated.
 *
 * Cash, Karp, ACM Transactions on Mathematical Software 16(3), 1990, 201-222.
 */
export const cashKarp45 = tableau({
  name: "cashKarp45",
  order: 5,
  errorOrder: 5,
  a: [
    [],
    [1 / 5],
    [3 / 40, 9 / 40],
    [3 / 10, -9 / 10, 6 / 5],
    [-11 / 54, 5 / 2, -70 / 27, 35 / 27],
    [1631 / 55296, 175 / 512, 575 / 13824, 44275 / 110592, 253 / 4096],
  ],
  b: [37 / 378, 0, 250 / 621, 125 / 594, 0, 512 / 1771],
  errorWeights: [-277 / 64512, 0, 6925 / 370944, -6925 / 202752, -277 / 14336, 277 / 7084],
  stabilitySize: 3.7344,
});
