import { tableau } from "./tableau.js";

/**
 * Heun with Euler 2(1): the cheapest pair with an error estimate.
 *
 * Heun, Zeitschrift für Mathematik und Physik 45, 1900, 23-38.
 */
export const heun = tableau({
  name: "heun",
  order: 2,
  errorOrder: 2,
  a: [[], [1]],
  b: [1 / 2, 1 / 2],
  errorWeights: [-1 / 2, 1 / 2],
  stabilitySize: 2.0,
});
