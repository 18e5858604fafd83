import type {
  ConcatNode,
  CumSumNode,
  GatherNode,
  LinearSolveNode,
  MatMulNode,
  Node,
  ReduceNode,
  ScatterAddNode,
} from "../../../graph/node.js";
import { isElementwiseName } from "../../../operations/elementwise-table.js";
import { type Shape, sizeOf } from "../../../shape.js";
import type { Accumulation } from "./accumulations.js";
import { isWhole, type View, type Views } from "./view.js";

/** Operations of one iteration shape that run in one nest of loops, in order; reductions among them. */
export interface Nest {
  /** Lengths of the loops, none of them 1. */
  readonly shape: Shape;
  readonly nodes: readonly Node[];
}

/** An operation with code of its own. */
export type SingleNode = MatMulNode | ConcatNode | GatherNode | ScatterAddNode | CumSumNode | LinearSolveNode;

/** One piece of a program. */
export type Task =
  | { readonly kind: "scalar"; readonly node: Node }
  | { readonly kind: "nest"; readonly nest: Nest }
  | SingleTask
  | AccumulationTask;

/** A task of one operation with code of its own. */
export interface SingleTask {
  readonly kind: "single";
  readonly node: SingleNode;
}

/** A matrix product that is added to an array. */
export interface AccumulationTask extends Accumulation {
  readonly kind: "accumulation";
  /** The sum. */
  readonly node: Node;
}

/** Up to this inner length a matrix product is computed element by element, together with what surrounds it. */
const LONGEST_ELEMENTWISE_INNER = 4;

/** How a node is computed. */
export type Role = "scalar" | "nest" | "single";

/** A size-1 result of numbers is kept in a local; arrays are computed in nests, or by code of their own. */
export function roleOf(node: Node): Role {
  if (node.operation === "reduce") return "nest";
  if (isSingle(node)) return "single";
  return sizeOf(node.shape) === 1 ? "scalar" : "nest";
}

function isSingle(node: Node): node is SingleNode {
  switch (node.operation) {
    case "matMul":
      return !isElementwiseProduct(node);
    case "concat":
    case "gather":
    case "scatterAdd":
    case "cumSum":
    case "linearSolve":
      return true;
    default:
      return false;
  }
}

/** Number of terms of each element of a matrix product. */
export function innerLength({ inputs: [a], transposeA }: MatMulNode): number {
  return a.shape[a.shape.length - (transposeA ? 2 : 1)];
}

/** Whether a node is a matrix product that is computed element by element. */
function isElementwiseProduct(node: Node): node is MatMulNode {
  return node.operation === "matMul" && innerLength(node) <= LONGEST_ELEMENTWISE_INNER;
}

/** Whether a node applies one operation to each element. */
function isElementwise(node: Node): boolean {
  return isElementwiseName(node.operation) || node.operation === "cast";
}

/** The axes over which a node of a nest is iterated; those of length 1 included. */
export function iteratedShape(node: Node): Shape {
  return node.operation === "reduce" ? node.inputs[0].shape : node.shape;
}

/** A shape without axes of length 1. */
export function squeezed(shape: Shape): Shape {
  return shape.filter((length) => length !== 1);
}

/** Whether a node of a nest may read an operand that the same nest computes: at the same place in the iteration. */
export function readsInStep(reader: Node, operand: Node, views: Views): boolean {
  if (!isElementwise(reader) && reader.operation !== "reduce") return false;
  const view: View = views.of(operand);
  const own = squeezed(operand.shape);
  const iterated = squeezed(iteratedShape(reader));
  return (
    view.source.operation !== "reduce" &&
    own.length === iterated.length &&
    own.every((length, axis) => length === iterated[axis]) &&
    isWhole(operand.shape, view)
  );
}

/** The nodes that a task computes. */
export function nodesOf(task: Task): readonly Node[] {
  return task.kind === "nest" ? task.nest.nodes : [task.node];
}

/** The reductions of a nest. */
export function isReduction(node: Node): node is ReduceNode {
  return node.operation === "reduce";
}
