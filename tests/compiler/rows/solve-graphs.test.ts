import { describe, expect, it } from "vitest";
import { type Graph, liveNodes, resultsOf } from "../../../src/compiler/graph/graph.js";
import type { Stage } from "../../../src/compiler/rows/row-program.js";
import type { OdeGraphs, OptionalCotangents } from "../../../src/solvers/ode/ode-graphs.js";
import { bosh3 } from "../../../src/solvers/tableaux/bosh3.js";
import { dopri8 } from "../../../src/solvers/tableaux/dopri8.js";
import { euler } from "../../../src/solvers/tableaux/euler.js";
import { rk4 } from "../../../src/solvers/tableaux/rk4.js";
import { tsit5 } from "../../../src/solvers/tableaux/tsit5.js";
import { batchedFields, odeGraphsOf } from "./batched-fields.js";
import { expectStagesToMatch, split } from "./stage-laws.js";

/** Every graph of a solve, by name. */
function graphsOf(graphs: OdeGraphs): Record<string, Graph> {
  const { estimatesError, estimatesStiffness } = graphs.method;
  const pullback = (wanted: Partial<OptionalCotangents>): Graph =>
    graphs.stepPullback({ error: false, stiffness: false, dense: false, ...wanted });
  return {
    slope: graphs.slope(),
    start: graphs.start(),
    trial: graphs.trial(),
    step: graphs.step({ dense: false }),
    "step with dense output": graphs.step({ dense: true }),
    interpolation: graphs.interpolation(),
    pullback: pullback({}),
    "pullback of dense output": pullback({ dense: true }),
    ...(estimatesError && { "pullback of E": pullback({ error: true }) }),
    ...(estimatesStiffness && {
      "pullback of S": pullback({ error: estimatesError, stiffness: true }),
    }),
    slopePullback: graphs.slopePullback(),
    interpolationPullback: graphs.interpolationPullback(),
  };
}

const sizes = { rows: 7, width: 3, hidden: 4 };
const works = [
  ...batchedFields.map((field) => [field, tsit5] as const),
  ...[euler, rk4, bosh3, dopri8].map((tableau) => [batchedFields[0], tableau] as const),
].map(([field, tableau]) => [`${field.name} with ${tableau.name}`, field, tableau] as const);

const graphOfTwoRows = (stage: Stage): Graph => (stage.kind === "rows" ? stage.graphFor(2) : stage.graph);
const products = (graph: Graph): number =>
  liveNodes(resultsOf(graph)).filter(({ operation }) => operation === "matMul").length;

describe.each(works)("the graphs of a solve of %s", (_, field, tableau) => {
  const graphs = Object.entries(graphsOf(odeGraphsOf(field, tableau, sizes)));

  it("compute chunk by chunk what they compute at once", () => {
    for (const [name, graph] of graphs) {
      const program = split(graph);
      expect(program.rows, name).toBe(sizes.rows);
      expectStagesToMatch(graph, program, 1);
    }
  });

  it("compute each product in one stage alone", () => {
    for (const [name, graph] of graphs) {
      const parts = split(graph).stages.map(graphOfTwoRows);
      expect(
        parts.reduce((sum, part) => sum + products(part), 0),
        name,
      ).toBe(products(graph));
    }
  });

  it("touch with each chunk only its rows and what all share", () => {
    for (const [name, graph] of graphs) {
      const byRows = split(graph).stages.filter(({ kind }) => kind === "rows");
      for (const part of byRows.map(graphOfTwoRows)) {
        const lengths = liveNodes(resultsOf(part)).flatMap(({ shape }) => shape);
        expect(lengths, name).not.toContain(sizes.rows);
      }
    }
  });
});

describe("a solve whose batch, width and layers have one length", () => {
  it.each(batchedFields.map((field) => [field.name, field] as const))(
    "%s: the state is the batch",
    (_, field) => {
      const graphs = graphsOf(odeGraphsOf(field, tsit5, { rows: 4, width: 4, hidden: 4 }));
      for (const graph of Object.values(graphs)) {
        const program = split(graph);
        const byRows = program.stages
          .filter(({ kind }) => kind === "rows")
          .flatMap(({ inputs }) => inputs)
          .filter(({ place, access }) => place.kind === "input" && access.by === "rows")
          .map(({ place }) => graph.inputs[place.index].name);
        expect(byRows.filter((name) => name.startsWith("params"))).toEqual([]);
        expectStagesToMatch(graph, program, 2);
      }
    },
  );
});
