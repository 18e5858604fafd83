import { tableau } from "./tableau.js";

/**
 * The 3/8 rule of order 4, no error estimate, for prescribed steps; torchdiffeq calls this one rk4.
 *
 * Kutta, Zeitschrift für Mathematik und Physik 46, 1901, 435-453.
 */
export const rk438 = tableau({
  name: "rk438",
  order: 4,
  errorOrder: 4,
  a: [[], [1 / 3], [-1 / 3, 1], [1, -1, 1]],
  b: [1 / 8, 3 / 8, 3 / 8, 1 / 8],
  stabilitySize: 2.7853,
});
