import { sosra } from "./sosra.js";
import { sosra2 } from "./sosra2.js";
import { sosri } from "./sosri.js";
import { sosri2 } from "./sosri2.js";
import { sra1 } from "./sra1.js";
import { sra2 } from "./sra2.js";
import { sra3 } from "./sra3.js";
import { sriw1 } from "./sriw1.js";
import { sriw2 } from "./sriw2.js";
import type { StochasticTableau } from "./stochastic-tableau.js";

/** Every stochastic Runge–Kutta method that comes with the library, those for diagonal noise first. */
export const allStochasticTableaux: readonly StochasticTableau[] = [
  sriw1,
  sriw2,
  sosri,
  sosri2,
  sra1,
  sra2,
  sra3,
  sosra,
  sosra2,
];
