import { tableau } from "./tableau.js";

/**
 * Euler: one stage, no error estimate, for prescribed steps.
 *
 * Euler, Institutionum calculi integralis, 1768.
 */
export const euler = tableau({
  name: "euler",
  order: 1,
  errorOrder: 1,
  a: [[]],
  b: [1],
  dense: [[1]],
  stabilitySize: 2.0,
});
