import fc from "fast-check";
import { expect, test } from "vitest";
import { DataError } from "../../src/data/data-error.js";
import { parseIdx } from "../../src/data/idx.js";
import { encodeIdx } from "./small-mnist.js";

const idxFiles = fc.array(fc.nat({ max: 5 }), { minLength: 1, maxLength: 4 }).chain((shape) => {
  const count = shape.reduce((product, size) => product * size, 1);
  return fc.tuple(fc.constant(shape), fc.uint8Array({ minLength: count, maxLength: count }));
});

test("parsing gives back the shape and the elements that were written", () => {
  fc.assert(
    fc.property(idxFiles, ([shape, data]) => {
      const parsed = parseIdx(encodeIdx(shape, data), "file");
      expect(parsed.shape).toEqual(shape);
      expect(parsed.data).toEqual(data);
    }),
  );
});

test("a file that is too short or too long by any number of bytes is refused by name", () => {
  fc.assert(
    fc.property(idxFiles, fc.integer({ min: 1, max: 20 }), fc.boolean(), ([shape, data], change, longer) => {
      const whole = encodeIdx(shape, data);
      const wrong = longer
        ? new Uint8Array(Buffer.concat([whole, new Uint8Array(change)]))
        : whole.subarray(0, Math.max(0, whole.length - change));
      expect(() => parseIdx(wrong, "digits.idx")).toThrow(DataError);
      expect(() => parseIdx(wrong, "digits.idx")).toThrow(
        /^digits\.idx is no complete IDX file: expected .*found/,
      );
    }),
  );
});

test("every other magic number is refused and shown", () => {
  const whole = encodeIdx([2, 3], new Uint8Array(6));
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 0xffffffff }), (magic) => {
      fc.pre(magic >>> 8 !== 0x08 || (magic & 0xff) !== 2);
      const wrong = whole.slice();
      new DataView(wrong.buffer).setUint32(0, magic);
      expect(() => parseIdx(wrong, "digits.idx")).toThrow(DataError);
    }),
  );
  const gzip = Uint8Array.from([0x1f, 0x8b, 0x08, 0, 0, 0, 0, 0]);
  expect(() => parseIdx(gzip, "digits.idx")).toThrow(/found 0x1f8b0800/);
});

test("the elements of a Buffer come back as a plain array, whose slice is a copy", () => {
  const { data } = parseIdx(Buffer.from(encodeIdx([3], Uint8Array.of(1, 2, 3))), "file");
  const copy = data.slice(0, 1);
  copy[0] = 9;
  expect(data[0]).toBe(1);
});
