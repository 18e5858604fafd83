import { bosh3 } from "./bosh3.js";
import { dopri5 } from "./dopri5.js";
import type { Tableau } from "./tableau.js";
import { tsit5 } from "./tsit5.js";

/** Every method that comes with the library. */
export const allTableaux: readonly Tableau[] = [bosh3, dopri5, tsit5];
