import { array, type NdArray } from "../../src/compiler/nd-array.js";
import { sameShape, shapeText } from "../../src/compiler/shape.js";

/** How far two numbers may be apart: |actual - expected| <= relative |expected| + absolute. */
export interface Closeness {
  readonly relative?: number;
  readonly absolute?: number;
}

/** What can be compared: numbers, nested lists of them, arrays with a shape, or bare typed arrays. */
export type Comparable = Parameters<typeof array>[0] | Float64Array | Float32Array;

/** The first fault of `actual` against `expected` in words, that of the worst element; undefined if they are close. */
export function differenceText(
  actual: Comparable,
  expected: Comparable,
  { relative = 1e-9, absolute = 1e-12 }: Closeness,
): string | undefined {
  const [a, b] = [toArray(actual), toArray(expected)];
  if (!sameShape(a.shape, b.shape)) return `expected shape ${shapeText(b.shape)}, got ${shapeText(a.shape)}`;
  let worst = -1;
  let worstExcess = 1;
  a.data.forEach((value, i) => {
    const excess = Object.is(value, b.data[i]) ? 0 : excessOf(value, b.data[i], relative, absolute);
    if (excess > worstExcess) [worst, worstExcess] = [i, excess];
  });
  if (worst < 0) return undefined;
  return `element ${worst} of ${shapeText(a.shape)}: expected ${b.data[worst]}, got ${a.data[worst]}, ${worstExcess.toPrecision(3)} times the allowed difference`;
}

/** The difference in units of the allowed one. */
function excessOf(actual: number, expected: number, relative: number, absolute: number): number {
  if (actual === expected) return 0;
  const excess = Math.abs(actual - expected) / (relative * Math.abs(expected) + absolute);
  return Number.isNaN(excess) ? Number.POSITIVE_INFINITY : excess;
}

function toArray(values: Comparable): NdArray {
  if (values instanceof Float64Array || values instanceof Float32Array) {
    return { shape: [values.length], data: values };
  }
  return array(values);
}
