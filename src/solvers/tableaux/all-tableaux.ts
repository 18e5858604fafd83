import { bosh3 } from "./bosh3.js";
import { cashKarp45 } from "./cash-karp45.js";
import { dopri5, dopri5Shampine } from "./dopri5.js";
import { dopri8 } from "./dopri8.js";
import { euler } from "./euler.js";
import { fehlberg45 } from "./fehlberg45.js";
import { heun } from "./heun.js";
import { midpoint } from "./midpoint.js";
import { rk4 } from "./rk4.js";
import { rk438 } from "./rk438.js";
import type { Tableau } from "./tableau.js";
import { tsit5 } from "./tsit5.js";
import { vern7 } from "./vern7.js";

/** Every explicit method that comes with the library, by rising order. */
export const allTableaux: readonly Tableau[] = [
  euler,
  midpoint,
  heun,
  bosh3,
  rk4,
  rk438,
  fehlberg45,
  cashKarp45,
  dopri5,
  dopri5Shampine,
  tsit5,
  vern7,
  dopri8,
];
