import type { Graph } from "../graph/graph.js";
import type { Node, ReductionKind } from "../graph/node.js";
import { sizeOf } from "../shape.js";
import { isWorthKeeping, workOf } from "./costs.js";
import { findRows, type Refusal } from "./find-rows.js";
import { Places } from "./places.js";
import { type PlannedStage, planStages } from "./plan-stages.js";
import type { Access, Operand, RowProgram, Stage } from "./row-program.js";
import { stageGraph } from "./stage-graph.js";
import type { View } from "./views.js";

/** What leaves every other number as it is. */
const neutral: Record<ReductionKind, number> = {
  sum: 0,
  max: Number.NEGATIVE_INFINITY,
  min: Number.POSITIVE_INFINITY,
};

/**
 * Splits a graph into stages that run row by row over the batch, and stages for what is the same for all rows; or says
 * why that cannot be done.
 *
 * @param leastRows the shortest leading axis that is worth being called a batch
 */
export function splitRows(graph: Graph, leastRows = 2): RowProgram | Refusal {
  const analysis = findRows(graph, leastRows);
  if ("refused" in analysis) return analysis;
  const { rows } = analysis;
  const plan = planStages(graph, analysis);
  const places = new Places(graph);
  const access = (node: Node, by: "rows" | "whole"): Access =>
    by === "rows" ? { by, rowSize: sizeOf(node.shape) / rows } : { by };
  const resultAccess = (node: Node, kind: PlannedStage["kind"]): Access => {
    const partial = kind === "rows" ? plan.partials.get(node) : undefined;
    if (!partial) return access(node, kind === "rows" ? "rows" : "whole");
    const start = partial.start && places.toRead(partial.start);
    return { by: "running", reduction: partial.reduction, start, neutral: neutral[partial.reduction] };
  };
  const stages = plan.stages.map((stage, at): Stage => {
    const { kind } = stage;
    const isLast = at === plan.stages.length - 1;
    const results = [...stage.results].flatMap((node) =>
      places.toWrite(node).map((place) => ({ node, operand: { place, access: resultAccess(node, kind) } })),
    );
    const outputs = results.map(({ operand }): Operand => operand);
    const inputs = [
      ...stage.reads.map(({ node, of }) => ({
        place: places.toRead(node),
        access: access(node, of === "rows" ? "rows" : "whole"),
      })),
      ...outputs.filter((operand) => operand.access.by === "running"),
    ];
    const graphFor = (length: number): Graph =>
      stageGraph(graph, plan, stage, {
        rows: length,
        outputs: results.map(({ node }) => node),
        readouts: isLast ? graph.readouts : {},
      });
    return kind === "rows"
      ? { kind, inputs, outputs, graphFor, ...costPerRow(stage, rows) }
      : { kind, inputs, outputs, graph: graphFor(rows) };
  });
  return { rows, stages, temporaries: places.temporaries };
}

function costPerRow({ reads, computes, results }: PlannedStage, rows: number) {
  const sum = (sizes: number[]): number => sizes.reduce((total, size) => total + size, 0) / rows;
  const byRows = ({ of }: View): boolean => of === "rows";
  const kept = computes.filter(
    (view) => byRows(view) && (isWorthKeeping(view.node) || results.has(view.node)),
  );
  return {
    workPerRow: sum(computes.filter(({ of }) => of !== "whole").map(({ node }) => workOf(node))),
    elementsPerRow: sum([...reads.filter(byRows), ...kept].map(({ node }) => sizeOf(node.shape))),
  };
}
