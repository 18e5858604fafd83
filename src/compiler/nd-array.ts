import { type Shape, sameShape, shapeText, sizeOf } from "./shape.js";

/** Numbers as a user may write them: a number, or equally long lists of such. */
export type NestedNumbers = number | readonly NestedNumbers[];

/** A row-major array in the host's memory; `data` has one entry per element. */
export interface NdArray {
  readonly shape: Shape;
  readonly data: Float64Array | Float32Array;
}

/** What is accepted wherever an array is asked for. */
export type ArrayLike = NestedNumbers | NdArray;

/** Whether something is an array rather than a tree of named arrays. */
export function isArrayLike(value: unknown): value is ArrayLike {
  return typeof value === "number" || Array.isArray(value) || isNdArray(value);
}

function isNdArray(value: unknown): value is NdArray {
  if (typeof value !== "object" || value === null) return false;
  const { shape, data } = value as Partial<NdArray>;
  return Array.isArray(shape) && (data instanceof Float64Array || data instanceof Float32Array);
}

/**
 * Wraps existing data as an array of the given shape, without copying.
 *
 * @throws RangeError when the number of elements does not fit the shape.
 */
export function ndArray(shape: Shape, data: Float64Array | Float32Array): NdArray {
  if (data.length !== sizeOf(shape)) {
    throw new RangeError(
      `an array of shape ${shapeText(shape)} needs ${sizeOf(shape)} numbers, got ${data.length}`,
    );
  }
  return { shape, data };
}

/** An array of zeros, in double precision. */
export function zeros(shape: Shape): NdArray {
  return { shape, data: new Float64Array(sizeOf(shape)) };
}

/**
 * An array from nested lists of numbers; an array passes through unchanged.
 *
 * @throws RangeError when the lists are ragged.
 */
export function array(values: ArrayLike): NdArray {
  if (isNdArray(values)) return ndArray(values.shape, values.data);
  const shape = nestedShape(values);
  const data = new Float64Array(sizeOf(shape));
  let next = 0;
  const copy = (part: NestedNumbers, rest: Shape): void => {
    if (typeof part === "number") {
      if (rest.length > 0) throw ragged(shape);
      data[next++] = part;
      return;
    }
    if (part.length !== rest[0]) throw ragged(shape);
    for (const item of part) copy(item, rest.slice(1));
  };
  copy(values, shape);
  return { shape, data };
}

function nestedShape(values: NestedNumbers): Shape {
  return typeof values === "number" ? [] : [values.length, ...(values.length ? nestedShape(values[0]) : [])];
}

function ragged(shape: Shape): RangeError {
  return new RangeError(
    `nested numbers are ragged: the first entries have shape ${shapeText(shape)}, others differ`,
  );
}

/** Arrays of one shape as one with a leading axis; of no arrays, an empty one. */
export function stacked(shape: Shape, arrays: readonly NdArray[]): NdArray {
  const size = sizeOf(shape);
  const data =
    arrays[0]?.data instanceof Float32Array
      ? new Float32Array(arrays.length * size)
      : new Float64Array(arrays.length * size);
  arrays.forEach((entry, i) => {
    data.set(entry.data, i * size);
  });
  return ndArray([arrays.length, ...shape], data);
}

/** The array at one place of the leading axis, sharing the data. */
export function entryOf({ shape: [, ...shape], data }: NdArray, index: number): NdArray {
  const size = sizeOf(shape);
  return ndArray(shape, data.subarray(index * size, (index + 1) * size));
}

/** `count` numbers at equal distances, both ends included; of one number, the start. */
export function linspace(start: number, end: number, count: number): number[] {
  const last = count - 1;
  return Array.from({ length: count }, (_, i) =>
    i === last && i > 0 ? end : start + (i * (end - start)) / Math.max(last, 1),
  );
}

/** The array as nested lists of numbers. */
export function toNested({ shape, data }: NdArray): NestedNumbers {
  if (shape.length === 0) return data[0];
  const row = sizeOf(shape.slice(1));
  return Array.from({ length: shape[0] }, (_, i) =>
    toNested({ shape: shape.slice(1), data: data.subarray(i * row, (i + 1) * row) }),
  );
}

/** Whether two arrays have the same shape and exactly the same numbers. */
export function sameArray(a: NdArray, b: NdArray): boolean {
  return sameShape(a.shape, b.shape) && a.data.every((value, i) => Object.is(value, b.data[i]));
}
