import type { GraphBuilder } from "../graph/graph-builder.js";
import type { LinearSolveNode, Node } from "../graph/node.js";
import { sameShape, shapeText } from "../shape.js";
import { apply } from "./elementwise.js";

/**
 * The solution X of A X = B, or of A^T X = B, for every matrix along the leading axes.
 *
 * @throws RangeError when A is not square, B does not have as many rows, or their leading axes differ.
 */
export function linearSolve(builder: GraphBuilder, a: Node, b: Node, transposeA = false): Node {
  const [rows, columns] = a.shape.slice(-2);
  const fits =
    a.shape.length >= 2 &&
    rows === columns &&
    b.shape[b.shape.length - 2] === rows &&
    sameShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
  if (!fits) {
    throw new RangeError(
      `linearSolve: needs a square matrix [..., n, n] and right sides [..., n, m], got ${shapeText(a.shape)} and ${shapeText(b.shape)}`,
    );
  }
  if (rows === 1) return apply(builder, "div", b, a);
  return builder.make<LinearSolveNode>({
    operation: "linearSolve",
    inputs: [a, b],
    transposeA,
    shape: b.shape,
    type: "real",
  });
}
