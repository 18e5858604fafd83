import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { NdArray } from "../../src/compiler/nd-array.js";
import { Random } from "../../src/compiler/random.js";
import { conv2d } from "../../src/nn/conv2d.js";
import { anySeed, normalArrays } from "../laws/numbers.js";
import { arrayOf, at, sumOver } from "./images.js";
import { activation, activationFormulas, applied } from "./layers.js";

const few = fc.integer({ min: 1, max: 3 });
const padding = fc.constantFrom("same" as const, "valid" as const);

/** sum over the window of pixels times weights, by its definition; the window starts `before` pixels outside. */
function convolved(images: NdArray, filter: NdArray, stride: number, before: number, lengths: number[]) {
  const [window, , channels, outputs] = filter.shape;
  return arrayOf([images.shape[0], ...lengths, outputs], (n, i, j, output) =>
    sumOver([window, window, channels], (row, column, channel) => {
      const [y, x] = [i * stride + row - before, j * stride + column - before];
      return at(images, n, y, x, channel) * at(filter, row, column, channel, output);
    }),
  );
}

describe("a convolutional layer", () => {
  it("is activation(images * W + b), with the time as the last channel where it has one", () => {
    fc.assert(
      fc.property(few, few, few, activation, padding, fc.boolean(), anySeed, (...drawn) => {
        const [inputs, outputs, half, f, ends, time, seed] = drawn;
        const [height, width, t] = [5, 6, 0.3];
        const window = ends === "same" ? 2 * half - 1 : half;
        const layer = conv2d({ inputs, outputs, window, padding: ends, activation: f, time });
        const [images, filter, bias] = normalArrays(
          [[2, height, width, inputs], layer.params.filter, layer.params.bias],
          seed,
        );
        const read = time
          ? arrayOf([2, height, width, inputs + 1], (n, i, j, c) => (c < inputs ? at(images, n, i, j, c) : t))
          : images;
        const shrunk = ends === "same" ? 0 : window - 1;
        const before = ends === "same" ? (window - 1) / 2 : 0;
        const product = convolved(read, filter, 1, before, [height - shrunk, width - shrunk]);
        const expected = arrayOf(product.shape, (...index) =>
          activationFormulas[f](at(product, ...index) + bias.data[index[3]]),
        );
        expect(applied(layer, { filter, bias }, images, t)).toBeAllclose(expected);
      }),
      { numRuns: 30 },
    );
  });

  it("moves its window by the stride", () => {
    fc.assert(
      fc.property(few, anySeed, (stride, seed) => {
        const layer = conv2d({ inputs: 2, outputs: 3, window: 2, stride, padding: "valid" });
        const [images, filter] = normalArrays([[1, 5, 6, 2], layer.params.filter], seed);
        const { bias } = layer.initialise(new Random(seed));
        const lengths = [5, 6].map((length) => Math.floor((length - 2) / stride) + 1);
        const expected = convolved(images, filter, stride, 0, lengths);
        expect(applied(layer, { filter, bias }, images)).toBeAllclose(expected);
      }),
      { numRuns: 10 },
    );
  });

  it("starts with weights as large as its window and channels ask for, and biases of zero", () => {
    fc.assert(
      fc.property(few, few, few, fc.boolean(), anySeed, (inputs, outputs, window, time, seed) => {
        const layer = conv2d({ inputs, outputs, window, time });
        const initial = layer.initialise(new Random(seed));
        for (const [name, { shape }] of Object.entries(initial)) expect(shape).toEqual(layer.params[name]);
        expect(Object.keys(initial)).toEqual(Object.keys(layer.params));
        const channels = inputs + (time ? 1 : 0);
        const limit = Math.sqrt(6 / (window ** 2 * (channels + outputs)));
        expect(initial.filter.data.every((value) => value !== 0 && Math.abs(value) <= limit)).toBe(true);
        expect(initial.bias.data.every((value) => value === 0)).toBe(true);
      }),
    );
  });

  it("with time says so when it is applied without one", () => {
    const layer = conv2d({ inputs: 1, outputs: 1, time: true });
    const [images] = normalArrays([[1, 3, 3, 1]], 0);
    expect(() => applied(layer, layer.initialise(new Random(0)), images)).toThrow(
      "conv2d: a layer with time: true must be applied with a time",
    );
  });
});
