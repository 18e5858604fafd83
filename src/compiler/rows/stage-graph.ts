import { rebuilt } from "../derivatives/rebuild.js";
import type { Graph } from "../graph/graph.js";
import { GraphBuilder } from "../graph/graph-builder.js";
import type { Node, ReductionKind } from "../graph/node.js";
import { cast } from "../operations/cast.js";
import { apply } from "../operations/elementwise.js";
import type { PlannedStage, StagePlan } from "./plan-stages.js";
import { shapeOfView, type View, type Views } from "./views.js";

/** How a contribution joins what has been reduced so far. */
const joining = { sum: "add", max: "maximum", min: "minimum" } as const satisfies Record<
  ReductionKind,
  string
>;

/** What a stage's graph is made for. */
interface StageGraphOptions {
  /** How many rows are at hand. */
  readonly rows: number;
  /** What it returns, in order. */
  readonly outputs: readonly Node[];
  readonly readouts: Graph["readouts"];
}

/**
 * The graph of a stage. Its inputs are what the stage reads, then what partial results among its outputs have come to so
 * far. Arrays that pass from stage to stage are of reals.
 */
export function stageGraph(
  { scalars }: Graph,
  { views, partials }: StagePlan,
  stage: PlannedStage,
  { rows, outputs, readouts }: StageGraphOptions,
): Graph {
  const builder = new GraphBuilder();
  const made = new Map<View, Node>();
  const nodeOf = (view: View): Node => {
    const node = made.get(view);
    if (!node) throw new Error(`internal: a stage lacks the ${view.of} of a node "${view.node.operation}"`);
    return node;
  };
  const ownScalars = scalars.map((scalar, i) => {
    const own = builder.input(`scalar ${i}`, []);
    made.set(views.whole(scalar), own);
    return own;
  });
  const inputs = stage.reads.map((view, i) => {
    const input = builder.input(`read ${i}`, shapeOfView(view, rows));
    made.set(view, cast(builder, input, view.node.type));
    return input;
  });
  for (const view of stage.computes) {
    if (!made.has(view)) made.set(view, computed(builder, view, nodeOf, views, rows));
  }
  const resultOf = (node: Node, i: number): Node => {
    const partial = stage.kind === "rows" ? partials.get(node) : undefined;
    if (!partial) return nodeOf(stage.kind === "rows" ? views.rows(node) : views.whole(node));
    const soFar = builder.input(`running ${i}`, node.shape);
    inputs.push(soFar);
    const shares = partial.terms.map((term) => cast(builder, nodeOf(views.share(term)), "real"));
    const join = (a: Node, b: Node): Node => apply(builder, joining[partial.reduction], a, b);
    return join(soFar, shares.reduce(join));
  };
  const real = (node: Node): Node => cast(builder, node, "real");
  const results = outputs.map((node, i) => [`result ${i}`, real(resultOf(node, i))] as const);
  const read = Object.entries(readouts).map(
    ([name, node]) => [name, real(nodeOf(views.whole(node)))] as const,
  );
  return {
    builder,
    inputs,
    scalars: ownScalars,
    outputs: Object.fromEntries(results),
    readouts: Object.fromEntries(read),
  };
}

function computed(
  builder: GraphBuilder,
  view: View,
  nodeOf: (view: View) => Node,
  views: Views,
  rows: number,
): Node {
  const { node } = view;
  const shape = shapeOfView(view, rows);
  if (node.operation === "constant") return builder.constant(node.value, shape, node.type);
  return rebuilt(builder, { ...node, shape }, views.operandsOf(view).map(nodeOf));
}
