import { type Tableau, tableau } from "../../src/solvers/tableaux/tableau.js";
import { referenceMethods } from "../reference-data.js";

/** Methods that do not come with the library, made of reference data as a user makes one: some without an estimate. */
export const [euler, heunEuler, rk4] = ["euler", "heun_euler21", "rk4"].map(userTableau);

function userTableau(name: string): Tableau {
  const { order, embedded_order, stiffness, f64 } = referenceMethods[name];
  return tableau({
    name,
    order,
    errorOrder: embedded_order === null ? order : Math.min(order, embedded_order) + 1,
    a: f64.A,
    b: f64.b,
    errorWeights: f64.b_err,
    stiffnessPair: stiffness.pairs[0],
  });
}
