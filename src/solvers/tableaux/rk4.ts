import { tableau } from "./tableau.js";

/**
 * The classical method of order 4, no error estimate, for prescribed steps.
 *
 * Kutta, Zeitschrift für Mathematik und Physik 46, 1901, 435-453.
 */
export const rk4 = tableau({
  name: "rk4",
  order: 4,
  errorOrder: 4,
  a: [[], [1 / 2], [0, 1 / 2], [0, 0, 1]],
  b: [1 / 6, 1 / 3, 1 / 3, 1 / 6],
  stiffnessPair: [1, 2],
  stabilitySize: 2.7853,
});
