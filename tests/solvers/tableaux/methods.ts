import { allTableaux } from "../../../src/solvers/tableaux/all-tableaux.js";
import { bosh3 } from "../../../src/solvers/tableaux/bosh3.js";
import { heun } from "../../../src/solvers/tableaux/heun.js";
import { tsit5 } from "../../../src/solvers/tableaux/tsit5.js";
import { vern7 } from "../../../src/solvers/tableaux/vern7.js";

/** Methods that estimate their error, and so choose their steps. */
export const adaptiveMethods = allTableaux.filter(({ errorWeights }) => errorWeights);

/** One adaptive method of each kind, with and without a carried slope and a stiffness estimate, where all would take long. */
export const representativeMethods = [heun, bosh3, tsit5, vern7];
