import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  array,
  isArrayLike,
  type NestedNumbers,
  ndArray,
  sameArray,
  toNested,
  zeros,
} from "../../src/compiler/nd-array.js";
import { sizeOf } from "../../src/compiler/shape.js";
import { anySeed, anyShape, normalArrays } from "../laws/numbers.js";

const anyArray = fc.tuple(anyShape(), anySeed).map(([shape, seed]) => normalArrays([shape], seed)[0]);

describe("arrays", () => {
  it("survive the way to nested numbers and back", () => {
    fc.assert(fc.property(anyArray, (value) => sameArray(array(toNested(value)), value)));
  });

  it("are row-major: the last index moves fastest", () => {
    expect(
      array([
        [1, 2, 3],
        [4, 5, 6],
      ]),
    ).toEqual({ shape: [2, 3], data: Float64Array.of(1, 2, 3, 4, 5, 6) });
    expect(array(7)).toEqual({ shape: [], data: Float64Array.of(7) });
    expect(array([])).toEqual({ shape: [0], data: new Float64Array(0) });
  });

  it("of zeros have the size of their shape", () => {
    fc.assert(
      fc.property(anyShape(), (shape) => {
        const { data } = zeros(shape);
        expect(data).toEqual(new Float64Array(sizeOf(shape)));
      }),
    );
  });

  it("pass through array() without a copy", () => {
    fc.assert(fc.property(anyArray, (value) => array(value).data === value.data));
  });

  it("are equal only in shape and every bit", () => {
    expect(sameArray(array([1, 2]), array([[1, 2]]))).toBe(false);
    expect(sameArray(array([0]), array([-0]))).toBe(false);
    expect(sameArray(array([Number.NaN]), array([Number.NaN]))).toBe(true);
  });

  it.each<{ nested: NestedNumbers }>([
    { nested: [[1, 2], [3]] },
    { nested: [[1], 2] },
    { nested: [1, [2]] },
    { nested: [[[1]], [[2, 3]]] },
  ])("refuse ragged lists: $nested", ({ nested }) => {
    expect(() => array(nested)).toThrow(/^nested numbers are ragged: the first entries have shape \[/);
  });

  it("refuse data that does not fill their shape", () => {
    expect(() => ndArray([2, 3], new Float64Array(5))).toThrow(
      "an array of shape [2,3] needs 6 numbers, got 5",
    );
    expect(() => array({ shape: [2], data: new Float64Array(3) })).toThrow("needs 2 numbers, got 3");
  });

  it("are told from trees of arrays", () => {
    for (const value of [1, [1], [[1]], array([1]), ndArray([1], new Float32Array(1))]) {
      expect(isArrayLike(value)).toBe(true);
    }
    for (const value of [{}, { a: [1] }, null, undefined, "1", { shape: [1], data: [1] }]) {
      expect(isArrayLike(value)).toBe(false);
    }
  });
});
