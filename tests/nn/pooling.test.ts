import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { averagePool } from "../../src/nn/average-pool.js";
import { flatten } from "../../src/nn/flatten.js";
import { anySeed, normalArrays } from "../laws/numbers.js";
import { arrayOf, at, sumOver } from "./images.js";
import { applied } from "./layers.js";

const few = fc.integer({ min: 1, max: 3 });

describe("average pooling", () => {
  it("is the mean over each window, which by default meet without overlap", () => {
    fc.assert(
      fc.property(few, fc.option(few, { nil: undefined }), anySeed, (window, stride, seed) => {
        const [images] = normalArrays([[2, 5, 6, 2]], seed);
        const step = stride ?? window;
        const lengths = [5, 6].map((length) => Math.floor((length - window) / step) + 1);
        const expected = arrayOf([2, ...lengths, 2], (n, i, j, channel) => {
          const sum = sumOver([window, window], (p, q) => at(images, n, i * step + p, j * step + q, channel));
          return sum / window ** 2;
        });
        expect(applied(averagePool({ window, stride }), {}, images)).toBeAllclose(expected);
      }),
      { numRuns: 30 },
    );
  });
});

describe("flattening", () => {
  it("keeps the batch and every element", () => {
    const [images] = normalArrays([[2, 3, 4, 5]], 1);
    expect(applied(flatten(), {}, images)).toEqual({ shape: [2, 60], data: images.data });
  });
});
