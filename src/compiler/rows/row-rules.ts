import type {
  BroadcastNode,
  CastNode,
  ConcatNode,
  CumSumNode,
  ElementwiseNode,
  GatherNode,
  LinearSolveNode,
  MatMulNode,
  Node,
  OperationName,
  ReduceNode,
  ReductionKind,
  ReshapeNode,
  ScatterAddNode,
  SliceNode,
  TransposeNode,
} from "../graph/node.js";
import { isElementwiseName } from "../operations/elementwise-table.js";
import { shapeText } from "../shape.js";
import { distanceFromEnd, type RowLayout, reshapedLayout } from "./row-layout.js";

/** The layouts in which operands are read; undefined: as a whole, the same for every row. */
export type Layouts = readonly (RowLayout | undefined)[];

/** Row i of the result depends on row i of the operands that are read by rows, and on the others. */
export interface RowwiseReading {
  readonly result: "rows";
  readonly layout: RowLayout;
  readonly operands: Layouts;
}

/** The result combines what each row contributes. */
export interface PartialReading {
  readonly result: "partial";
  readonly reduction: ReductionKind;
  readonly operands: Layouts;
}

/** The result makes some rows depend on others. `operand` is the one whose rows are at fault. */
export interface MixedReading {
  readonly result: "mixed";
  readonly reason: string;
  readonly operand: Node;
}

/** What an operation does with the rows of its operands. */
export type RowReading = RowwiseReading | PartialReading | MixedReading;

/** Rule of an operation at least one of whose operands has rows. */
type RowRule<N extends Node = Node> = (node: N, layouts: Layouts, rows: number) => RowReading;

const mixed = (operand: Node, reason: string): MixedReading => ({ result: "mixed", reason, operand });
const rowwise = (layout: RowLayout, operands: Layouts): RowwiseReading => ({
  result: "rows",
  layout,
  operands,
});
const partial = (reduction: ReductionKind, operands: Layouts): PartialReading => ({
  result: "partial",
  reduction,
  operands,
});

/** Operations that align their operands at the end of the shapes, as broadcasting does. */
const aligned: RowRule = (node, layouts) => {
  const distances = node.inputs.map((input, i) => {
    const layout = layouts[i];
    return layout ? distanceFromEnd(input, layout) : 0;
  });
  const distance = Math.max(...distances);
  const stray = distances.findIndex((other) => other > 0 && other !== distance);
  if (stray >= 0) {
    return mixed(
      node.inputs[stray],
      `pairs each row with all rows of ${shapeText(node.inputs[stray].shape)}`,
    );
  }
  const { factor } = layouts[distances.indexOf(distance)] as RowLayout;
  const layout = { axis: node.shape.length - distance, factor };
  const length = node.shape[layout.axis];
  const operands = node.inputs.map(({ shape }): RowLayout | undefined => {
    const axis = shape.length - distance;
    return shape[axis] === length ? { axis, factor } : undefined;
  });
  return rowwise(layout, operands);
};

const concat: RowRule<ConcatNode> = (node, layouts, rows) => {
  const reading = aligned(node, layouts, rows);
  if (reading.result !== "rows" || reading.layout.axis !== node.axis) return reading;
  const operand = node.inputs[layouts.findIndex((layout) => layout !== undefined)];
  return mixed(operand, "appends to the rows");
};

const reshape: RowRule<ReshapeNode> = ({ inputs: [x], shape }, [layout], rows) => {
  const after = reshapedLayout(x.shape, layout as RowLayout, shape, rows);
  return after ? rowwise(after, [layout]) : mixed(x, `cuts rows apart in ${shapeText(shape)}`);
};

const transpose: RowRule<TransposeNode> = ({ permutation }, layouts) => {
  const { axis, factor } = layouts[0] as RowLayout;
  return rowwise({ axis: permutation.indexOf(axis), factor }, layouts);
};

const slice: RowRule<SliceNode> = ({ inputs: [x], shape, strides }, layouts) => {
  const layout = layouts[0] as RowLayout;
  const takesAll = shape[layout.axis] === x.shape[layout.axis] && strides[layout.axis] === 1;
  return takesAll ? rowwise(layout, layouts) : mixed(x, "takes some of the rows, or in another order");
};

const gather: RowRule<GatherNode> = ({ inputs: [x, indices], axis }, layouts) => {
  const [ofArray, ofIndices] = layouts;
  if (ofArray && ofIndices) return mixed(x, "looks up rows by rows");
  if (ofIndices) return rowwise({ ...ofIndices, axis: axis + ofIndices.axis }, layouts);
  const layout = ofArray as RowLayout;
  if (layout.axis === axis) return mixed(x, "picks rows by their index");
  const shift = layout.axis < axis ? 0 : indices.shape.length - 1;
  return rowwise({ ...layout, axis: layout.axis + shift }, layouts);
};

const scatterAdd: RowRule<ScatterAddNode> = ({ inputs: [values, indices], axis }, [ofValues, ofIndices]) => {
  const rank = indices.shape.length;
  const among = ofIndices ? ofIndices.axis : (ofValues as RowLayout).axis - axis;
  if (among >= 0 && among < rank) {
    const { factor } = (ofIndices ?? ofValues) as RowLayout;
    if (ofValues && ofValues.axis !== axis + among) return mixed(values, "adds rows up at indices of rows");
    return partial("sum", [
      { axis: axis + among, factor },
      { axis: among, factor },
    ]);
  }
  const layout = ofValues as RowLayout;
  const shift = layout.axis < axis ? 0 : 1 - rank;
  return rowwise({ ...layout, axis: layout.axis + shift }, [ofValues, undefined]);
};

const cumSum: RowRule<CumSumNode> = ({ inputs: [x], axis }, layouts) => {
  const layout = layouts[0] as RowLayout;
  return layout.axis === axis ? mixed(x, "sums along the rows") : rowwise(layout, layouts);
};

const reduce: RowRule<ReduceNode> = ({ axes, kind }, layouts) => {
  const { axis, factor } = layouts[0] as RowLayout;
  if (axes.includes(axis)) return partial(kind, layouts);
  return rowwise({ axis: axis - axes.filter((other) => other < axis).length, factor }, layouts);
};

/** Rows of a left factor give rows of the product; a product over the rows is a sum of what each contributes. */
const matMul: RowRule<MatMulNode> = (node, layouts, rows) => {
  const [a, b] = node.inputs;
  const inner = [node.transposeA ? 2 : 1, node.transposeB ? 1 : 2];
  const roles = layouts.map((layout, i) => {
    if (!layout) return undefined;
    const distance = distanceFromEnd(node.inputs[i], layout);
    if (distance > 2) return "batch";
    return distance === inner[i] ? "inner" : "outer";
  });
  const [ofA, ofB] = roles;
  if (ofA && ofB && (ofA !== ofB || ofA === "outer")) {
    return mixed(ofB === "batch" ? a : b, "multiplies rows with rows");
  }
  const role = ofA ?? ofB;
  if (role === "batch") return aligned(node, layouts, rows);
  const { factor } = (layouts[0] ?? layouts[1]) as RowLayout;
  if (role === "inner") {
    const operands = node.inputs.map(({ shape }, i) => ({ axis: shape.length - inner[i], factor }));
    return partial("sum", operands);
  }
  return rowwise({ axis: node.shape.length - (ofA ? 2 : 1), factor }, layouts);
};

/** The host solves, one system after the other: there is nothing to be won by portions. */
const linearSolve: RowRule<LinearSolveNode> = ({ inputs }, layouts) =>
  mixed(inputs[layouts[0] ? 0 : 1], "solves linear systems");

const withoutRows: RowRule = (node) => {
  throw new Error(`internal: a node "${node.operation}" has no operands that could have rows`);
};

type NodeOf<Name extends OperationName> = Extract<Node, { readonly operation: Name }>;

/** Rules of the operations that are not elementwise. */
const rules: {
  readonly [Name in Exclude<OperationName, ElementwiseNode["operation"]>]: RowRule<NodeOf<Name>>;
} = {
  input: withoutRows,
  constant: withoutRows,
  cast: aligned as RowRule<CastNode>,
  broadcast: aligned as RowRule<BroadcastNode>,
  concat,
  reshape,
  transpose,
  slice,
  gather,
  scatterAdd,
  cumSum,
  reduce,
  matMul,
  linearSolve,
};

/** What a node does with the rows of a batch, given where its operands keep them; at least one must have rows. */
export function readingOf(node: Node, layouts: Layouts, rows: number): RowReading {
  if (isElementwiseName(node.operation)) return aligned(node, layouts, rows);
  const rule = rules[node.operation as keyof typeof rules] as RowRule;
  return rule(node, layouts, rows);
}
