/** Lengths of an array's axes; `[]` is a scalar. */
export type Shape = readonly number[];

/** Number of elements of an array of this shape. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((size, length) => size * length, 1);
}

/** Whether two shapes are equal, axis by axis. */
export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((length, axis) => length === b[axis]);
}

/** A shape with another length along one axis. */
export function withLength(shape: Shape, axis: number, length: number): number[] {
  return shape.map((own, i) => (i === axis ? length : own));
}

/** `[2,3]`, for messages. */
export function shapeText(shape: Shape): string {
  return `[${shape.join(",")}]`;
}

/**
 * The shape that NumPy's broadcasting gives two arrays.
 *
 * @throws RangeError when an axis differs and neither length is 1.
 */
export function broadcastShapes(a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const p = a[a.length - rank + axis] ?? 1;
    const q = b[b.length - rank + axis] ?? 1;
    if (p !== q && p !== 1 && q !== 1) {
      throw new RangeError(`shapes ${shapeText(a)} and ${shapeText(b)} do not broadcast: ${p} against ${q}`);
    }
    return p === 1 ? q : p;
  });
}

/** Distance in elements between neighbours along each axis of a row-major array. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis];
  }
  return strides;
}

/** Strides of an array of `shape` read as if it had the shape `target`: 0 along repeated axes. */
export function broadcastStrides(shape: Shape, target: Shape): number[] {
  const own = stridesOf(shape);
  const lead = target.length - shape.length;
  return target.map((_, axis) => (axis < lead || shape[axis - lead] === 1 ? 0 : own[axis - lead]));
}
