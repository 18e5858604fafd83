import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { controllers } from "../../../src/solvers/ode/controllers.js";
import { solve } from "../../../src/solvers/ode/solve.js";
import { dopri5Shampine } from "../../../src/solvers/tableaux/dopri5.js";
import { tsit5 } from "../../../src/solvers/tableaux/tsit5.js";
import { referenceProblem } from "../../reference-data.js";
import { problemOf } from "./problems.js";

/** What a peer needed for a problem, as its script recorded it. */
interface PeerEvaluations {
  readonly problem: string;
  readonly tolerance: number;
  readonly peer: "diffrax" | "torchdiffeq";
  readonly method: "tsit5" | "dopri5Shampine";
  readonly evaluations: number;
  /** Not told by torchdiffeq. */
  readonly accepted?: number;
  readonly rejected?: number;
}

const recorded = JSON.parse(
  readFileSync(new URL("../../reference/peer-evaluations.json", import.meta.url), "utf8"),
) as { readonly firstStep: number; readonly rows: readonly PeerEvaluations[] };

const methods = { tsit5, dopri5Shampine };

describe.each(recorded.rows)("$problem at tolerance $tolerance by $method", (row) => {
  it(`costs what it costs in ${row.peer}: ${row.evaluations} evaluations`, () => {
    const { stats } = solve(problemOf(referenceProblem(row.problem)), {
      method: methods[row.method],
      controller: controllers[row.peer],
      rtol: row.tolerance,
      atol: row.tolerance,
      firstStep: recorded.firstStep,
    });
    expect(stats.nfe.total).toBe(row.evaluations);
    if (row.accepted !== undefined)
      expect(stats).toMatchObject({ accepted: row.accepted, rejected: row.rejected });
  });
});
