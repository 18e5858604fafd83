import { tableau } from "./tableau.js";

/**
 * Fehlberg 4(5): carries on the solution of order 4 and compares it with the one of order 5.
 *
 * Fehlberg, NASA Technical Report R-315, 1969.
 */
export const fehlberg45 = tableau({
  name: "fehlberg45",
  order: 4,
  errorOrder: 5,
  a: [
    [],
    [1 / 4],
    [3 / 32, 9 / 32],
    [1932 / 2197, -7200 / 2197, 7296 / 2197],
    [439 / 216, -8, 3680 / 513, -845 / 4104],
    [-8 / 27, 2, -3544 / 2565, 1859 / 4104, -11 / 40],
  ],
  b: [25 / 216, 0, 1408 / 2565, 2197 / 4104, -1 / 5, 0],
  errorWeights: [-1 / 360, 0, 128 / 4275, 2197 / 75240, -1 / 50, -2 / 55],
  stabilitySize: 3.02,
});
