import { sraTableau } from "./stochastic-tableau.js";

/**
 * SOSRA2 for additive noise: optimised for stability with two drifts at the end of the step, which estimate the stiffness.
 *
 * Rackauckas, Nie, IEEE High Performance Extreme Computing Conference, 2020.
 */
export const sosra2 = sraTableau({
  name: "sosra2",
  a0: [[], [1], [0.9511849235504364, 0.04881507644956362]],
  b0: [[], [0.7686101171003622], [0.43886792994934987, 0.7490415909204886]],
  c1: [0, 1, 1],
  alpha: [0.4999999999999998, -0.9683897375354181, 1.4683897375354185],
  beta1: [0, 0.92438032145683, 0.07561967854316998],
  beta2: [1, -0.8169981105823436, -0.18300188941765633],
  stiffnessPair: [1, 2],
  stabilitySize: 5.342,
});
