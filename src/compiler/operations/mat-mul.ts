import type { GraphBuilder } from "../graph/graph-builder.js";
import { type MatMulNode, type Node, uniformValue } from "../graph/node.js";
import { broadcastShapes, shapeText, sizeOf } from "../shape.js";
import { broadcast, reshape } from "./arrange.js";
import { apply } from "./elementwise.js";
import { slice } from "./slice.js";

/**
 * Product over the last two axes, the leading axes broadcast.
 *
 * @throws RangeError when the inner lengths differ, the leading axes do not broadcast, or a factor is no matrix.
 */
export function matMul(
  builder: GraphBuilder,
  a: Node,
  b: Node,
  transposeA = false,
  transposeB = false,
): Node {
  requireMatrices(a, b);
  if (swapsLastAxes(a)) return matMul(builder, a.inputs[0], b, !transposeA, transposeB);
  if (swapsLastAxes(b)) return matMul(builder, a, b.inputs[0], transposeA, !transposeB);
  const [rows, innerA] = lastAxes(a, transposeA);
  const [innerB, columns] = lastAxes(b, transposeB);
  if (innerA !== innerB) {
    const mark = (transposed: boolean): string => (transposed ? " transposed" : "");
    const left = shapeText(a.shape) + mark(transposeA);
    const right = shapeText(b.shape) + mark(transposeB);
    throw new RangeError(`matMul: ${left} times ${right} has inner lengths ${innerA} and ${innerB}`);
  }
  const repeated = productOfRepeatedRows(builder, a, b, transposeA, transposeB);
  if (repeated) return repeated;
  const batch = broadcastShapes(a.shape.slice(0, -2), b.shape.slice(0, -2));
  if (batch.length > 0 && sizeOf(b.shape.slice(0, -2)) === 1 && !transposeA) {
    const flat = reshape(builder, a, [sizeOf(batch) * rows, innerA]);
    const product = matMul(builder, flat, reshape(builder, b, b.shape.slice(-2)), false, transposeB);
    return reshape(builder, product, [...batch, rows, columns]);
  }
  return (
    productOfColumns(builder, a, b, transposeA, transposeB) ??
    builder.make<MatMulNode>({
      operation: "matMul",
      inputs: [a, b],
      transposeA,
      transposeB,
      shape: [...batch, rows, columns],
      type: "real",
    })
  );
}

function requireMatrices(...factors: readonly Node[]): void {
  for (const { shape } of factors) {
    if (shape.length < 2) {
      throw new RangeError(
        `matMul: each factor needs at least two axes, got shape ${shapeText(shape)}; reshape it to a matrix`,
      );
    }
  }
}

function lastAxes({ shape }: Node, transposed: boolean): [number, number] {
  const [p, q] = shape.slice(-2);
  return transposed ? [q, p] : [p, q];
}

function swapsLastAxes(node: Node): boolean {
  if (node.operation !== "transpose") return false;
  const last = node.shape.length - 1;
  return node.permutation.every((axis, i) => axis === (i === last ? last - 1 : i === last - 1 ? last : i));
}

/** Rows that are repeated are multiplied once and their product repeated: the unit vectors of a batch's Jacobian. */
function productOfRepeatedRows(
  builder: GraphBuilder,
  a: Node,
  b: Node,
  transposeA: boolean,
  transposeB: boolean,
): Node | undefined {
  if (a.operation !== "broadcast" || transposeA || b.shape.length !== 2) return undefined;
  const [inner] = a.inputs;
  const ones = new Array<number>(a.shape.length - inner.shape.length).fill(1);
  const once = [...ones, ...inner.shape];
  const last = once.length - 1;
  if (once[last] !== a.shape[last]) return undefined;
  const product = matMul(builder, reshape(builder, inner, once), b, false, transposeB);
  return broadcast(builder, product, [...a.shape.slice(0, -1), product.shape[last]]);
}

/**
 * concat([y, t 1]) W becomes y W[:n] + t W[n]: time enters as a bias, without a copy of y. A matrix product over a
 * concatenation without such a column of one repeated scalar is left alone.
 */
function productOfColumns(
  builder: GraphBuilder,
  a: Node,
  b: Node,
  transposeA: boolean,
  transposeB: boolean,
): Node | undefined {
  if (a.shape.length !== 2 || b.shape.length !== 2 || transposeA) return undefined;
  if (a.operation !== "concat" || a.axis !== 1) return undefined;
  if (!a.inputs.some((part) => repeatedScalar(builder, part))) return undefined;
  let offset = 0;
  let sum: Node | undefined;
  for (const part of a.inputs) {
    const width = part.shape[1];
    const rows = transposeB
      ? slice(builder, b, [0, offset], [b.shape[0], width])
      : slice(builder, b, [offset, 0], [width, b.shape[1]]);
    offset += width;
    const scalar = repeatedScalar(builder, part);
    const term = scalar
      ? apply(builder, "mul", reshape(builder, rows, [1, sizeOf(rows.shape)]), scalar)
      : matMul(builder, part, rows, false, transposeB);
    sum = sum ? apply(builder, "add", sum, term) : term;
  }
  return sum;
}

/** The scalar that fills a column, if one does. */
function repeatedScalar(builder: GraphBuilder, part: Node): Node | undefined {
  if (part.shape[1] !== 1) return undefined;
  const value = uniformValue(part);
  if (value !== undefined) return builder.constant(value);
  const inner = part.operation === "broadcast" ? part.inputs[0] : part;
  return sizeOf(inner.shape) === 1 ? reshape(builder, inner, []) : undefined;
}
