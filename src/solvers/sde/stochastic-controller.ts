import { type Controller, proportionalIntegralController } from "../ode/controllers.js";

/** The default of StochasticDiffEq, with which Pal et al. (ICML 2021) trained: a step grows by an eighth at most. */
export const stochasticController: Controller = {
  ...proportionalIntegralController,
  name: "PI (stochastic)",
  largestFactor: 9 / 8,
};
