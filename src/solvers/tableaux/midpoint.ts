import { tableau } from "./tableau.js";

/**
 * The explicit midpoint rule: order 2, no error estimate, for prescribed steps.
 *
 * Runge, Mathematische Annalen 46, 1895, 167-178.
 */
export const midpoint = tableau({
  name: "midpoint",
  order: 2,
  errorOrder: 2,
  a: [[], [1 / 2]],
  b: [0, 1],
  stabilitySize: 2.0,
});
