import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  broadcastShapes,
  broadcastStrides,
  type Shape,
  sameShape,
  sizeOf,
  stridesOf,
} from "../../src/compiler/shape.js";
import { anyShape, broadcastableShapes } from "../laws/numbers.js";

/** Every index of an array, in row-major order. */
function indices(shape: Shape): number[][] {
  return shape.reduce<number[][]>(
    (all, length) => all.flatMap((index) => Array.from({ length }, (_, i) => [...index, i])),
    [[]],
  );
}

const position = (index: readonly number[], strides: readonly number[]): number =>
  index.reduce((sum, i, axis) => sum + i * strides[axis], 0);

describe("shapes", () => {
  it("count the indices of an array", () => {
    fc.assert(fc.property(anyShape(), (shape) => indices(shape).length === sizeOf(shape)));
  });

  it("have strides that number the elements row by row", () => {
    fc.assert(
      fc.property(anyShape(), (shape) => {
        const positions = indices(shape).map((index) => position(index, stridesOf(shape)));
        expect(positions).toEqual(positions.map((_, i) => i));
      }),
    );
  });

  it("broadcast in either order to the same, to themselves with themselves, and with a scalar", () => {
    fc.assert(
      fc.property(broadcastableShapes(2), ([a, b]) => {
        const both = broadcastShapes(a, b);
        expect(broadcastShapes(b, a)).toEqual(both);
        expect(broadcastShapes(both, a)).toEqual(both);
        expect(broadcastShapes(a, a)).toEqual(a);
        expect(broadcastShapes(a, [])).toEqual(a);
      }),
    );
  });

  it("read a smaller array as a larger one by repeating it", () => {
    fc.assert(
      fc.property(broadcastableShapes(2), ([a, b]) => {
        const target = broadcastShapes(a, b);
        const strides = broadcastStrides(a, target);
        for (const index of indices(target)) {
          const own = index.slice(target.length - a.length).map((i, axis) => (a[axis] === 1 ? 0 : i));
          expect(position(index, strides)).toBe(position(own, stridesOf(a)));
        }
      }),
    );
  });

  it("that do not broadcast are named", () => {
    expect(() => broadcastShapes([2, 3], [4, 3])).toThrow(
      "shapes [2,3] and [4,3] do not broadcast: 2 against 4",
    );
  });

  it("are the same only axis by axis", () => {
    expect(sameShape([2, 3], [2, 3])).toBe(true);
    expect(sameShape([2, 3], [3, 2])).toBe(false);
    expect(sameShape([2], [2, 1])).toBe(false);
  });
});
