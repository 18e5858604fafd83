import type { GraphBuilder } from "../graph/graph-builder.js";
import type { Node } from "../graph/node.js";
import { broadcast } from "../operations/arrange.js";
import { type Shape, sameShape, shapeText, sizeOf } from "../shape.js";
import { pushForward } from "./push-forward.js";

/** Which Jacobian. */
export interface JacobianOfRows {
  readonly result: Node;
  readonly source: Node;
  /** Leading axes, common to both, along which rows do not influence each other. */
  readonly batchAxes: number;
}

/**
 * Every column of the Jacobian of each row, by one forward sweep along all unit vectors at once: shape [n, ...result],
 * where n is the size of a row of the source.
 *
 * @throws RangeError when result and source do not have the same rows.
 */
export function jacobianColumns(
  caller: string,
  builder: GraphBuilder,
  { result, source, batchAxes }: JacobianOfRows,
): Node {
  const rows = (shape: Shape): Shape => shape.slice(0, batchAxes);
  if (batchAxes > source.shape.length || !sameShape(rows(result.shape), rows(source.shape))) {
    throw new RangeError(
      `${caller}: with batchAxes ${batchAxes}, the result of shape ${shapeText(result.shape)} and the input of shape ` +
        `${shapeText(source.shape)} must begin with the same ${batchAxes} axes`,
    );
  }
  const row = source.shape.slice(batchAxes);
  const n = sizeOf(row);
  const unitVectors = builder.constant(identity(n), [n, ...rows(source.shape).map(() => 1), ...row]);
  const directions = broadcast(builder, unitVectors, [n, ...source.shape]);
  return pushForward(builder, [result], new Map([[source, directions]]), [n])[0];
}

/** The elements of the unit matrix, row by row. */
export function identity(n: number): Float64Array {
  return Float64Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : 0));
}
