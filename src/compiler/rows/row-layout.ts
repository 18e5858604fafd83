import type { Node } from "../graph/node.js";
import { type Shape, sizeOf, withLength } from "../shape.js";

/** Where an array keeps the rows of a batch: along one axis, with `factor` entries for each row. */
export interface RowLayout {
  readonly axis: number;
  readonly factor: number;
}

/** A batch as it comes in: one entry of the leading axis for each row. */
export const leadingRows: RowLayout = { axis: 0, factor: 1 };

/** Distance of the rows' axis from the end of the shape, in which broadcasting aligns arrays. */
export function distanceFromEnd(node: Node, { axis }: RowLayout): number {
  return node.shape.length - axis;
}

/** The shape of an array with another number of rows. */
export function withRows(shape: Shape, { axis, factor }: RowLayout, rows: number): Shape {
  return withLength(shape, axis, rows * factor);
}

/** Whether each row is one contiguous block, in the order of the rows. */
export function isContiguous(shape: Shape, { axis }: RowLayout): boolean {
  return sizeOf(shape.slice(0, axis)) === 1;
}

/** The layout after a reshape; undefined when the new shape cuts rows apart. */
export function reshapedLayout(from: Shape, { axis }: RowLayout, to: Shape, rows: number) {
  const before = sizeOf(from.slice(0, axis));
  let ahead = 1;
  for (let candidate = 0; candidate < to.length; candidate++) {
    const countsRows = to[candidate] > 0 && to[candidate] % rows === 0;
    if (ahead === before && countsRows) return { axis: candidate, factor: to[candidate] / rows };
    ahead *= to[candidate];
  }
  return undefined;
}
