import type { ElementwiseName } from "../operations/elementwise-table.js";
import type { Shape } from "../shape.js";

/** What an element is: reals are stored in the precision chosen at compile, integers and booleans as such. */
export type ElementType = "real" | "integer" | "boolean";

interface Common {
  /** Position in the order of creation, which is a topological order: inputs have smaller numbers. */
  readonly id: number;
  readonly shape: Shape;
  readonly type: ElementType;
  readonly inputs: readonly Node[];
}

/** A value or a scalar that is handed in at run time. */
export interface InputNode extends Common {
  readonly operation: "input";
  readonly name: string;
}

/** Known numbers: one number that fills the shape, or all of them. */
export interface ConstantNode extends Common {
  readonly operation: "constant";
  readonly value: number | Float64Array;
}

/** An operation applied to each element, its inputs broadcast to the node's shape. */
export interface ElementwiseNode extends Common {
  readonly operation: ElementwiseName;
}

/** Conversion of the element type. */
export interface CastNode extends Common {
  readonly operation: "cast";
}

/** The same elements in the same order under another shape. */
export interface ReshapeNode extends Common {
  readonly operation: "reshape";
}

/** Repetition along axes of length 1 and new leading axes. */
export interface BroadcastNode extends Common {
  readonly operation: "broadcast";
}

/** Axes in another order: axis i of the result is axis `permutation[i]` of the input. */
export interface TransposeNode extends Common {
  readonly operation: "transpose";
  readonly permutation: readonly number[];
}

/** Arrays one after the other along an axis. */
export interface ConcatNode extends Common {
  readonly operation: "concat";
  readonly axis: number;
}

/** Elements at equal distances: along each axis, element i of the result is element begin + i stride of the input. */
export interface SliceNode extends Common {
  readonly operation: "slice";
  readonly begin: readonly number[];
  /** Never 0; negative ones read backwards. */
  readonly strides: readonly number[];
}

/**
 * Picks elements along an axis by their index. The inputs are an array and integer indices of any shape, each inside the
 * axis; in the result's shape, that of the indices takes the place of the axis.
 */
export interface GatherNode extends Common {
  readonly operation: "gather";
  readonly axis: number;
}

/**
 * Adds elements up at their index along an axis of the given length: the adjoint of gather. The inputs are values of the
 * shape that gather returns, and integer indices, each inside the axis.
 */
export interface ScatterAddNode extends Common {
  readonly operation: "scatterAdd";
  readonly axis: number;
  readonly length: number;
}

/** Running sums along an axis. */
export interface CumSumNode extends Common {
  readonly operation: "cumSum";
  readonly axis: number;
  /** Whether each sum leaves out the element at its own place. */
  readonly exclusive: boolean;
  /** Whether the sums run from the end of the axis. */
  readonly reverse: boolean;
}

/** How a reduction combines elements. */
export type ReductionKind = "sum" | "max" | "min";

/** A reduction over `axes`, which disappear. */
export interface ReduceNode extends Common {
  readonly operation: "reduce";
  readonly kind: ReductionKind;
  readonly axes: readonly number[];
}

/** Product of the last two axes, the leading ones broadcast. */
export interface MatMulNode extends Common {
  readonly operation: "matMul";
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/**
 * The solution X of A X = B for every matrix along the leading axes: the inputs are A of shape [..., n, n] and B of shape
 * [..., n, m], the leading axes equal. Where A is singular, X is NaN.
 */
export interface LinearSolveNode extends Common {
  readonly operation: "linearSolve";
  /** Whether the transpose of A is meant. */
  readonly transposeA: boolean;
}

/**
 * The first input, a value whose derivative is not that of how it is computed but a rule of the user's (`tf.customGrad`).
 * Then come the arguments to which the rule gives gradients, then these gradients, as computed from `cotangent`. Only
 * derivatives know this operation: what targets run has the value itself in its place.
 */
export interface CustomGradientNode extends Common {
  readonly operation: "customGradient";
  /** Stands for the cotangent of the value in the gradients. */
  readonly cotangent: InputNode;
}

/** One operation of a graph; never changed after it was made. */
export type Node =
  | InputNode
  | ConstantNode
  | ElementwiseNode
  | CastNode
  | ReshapeNode
  | BroadcastNode
  | TransposeNode
  | ConcatNode
  | SliceNode
  | GatherNode
  | ScatterAddNode
  | CumSumNode
  | ReduceNode
  | MatMulNode
  | LinearSolveNode
  | CustomGradientNode;

/** The name of an operation that targets run. */
export type OperationName = Exclude<Node["operation"], "customGradient">;

/** Whether the node is a constant all of whose elements are the same number. */
export function isUniform(node: Node): node is ConstantNode & { readonly value: number } {
  return node.operation === "constant" && typeof node.value === "number";
}

/** The number that fills a uniform constant; undefined for every other node. */
export function uniformValue(node: Node): number | undefined {
  return isUniform(node) ? node.value : undefined;
}
