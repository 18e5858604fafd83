import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { NdArray } from "../../src/compiler/nd-array.js";
import { Random } from "../../src/compiler/random.js";
import { groupNorm } from "../../src/nn/group-norm.js";
import type { Layer } from "../../src/nn/layer.js";
import { layerNorm } from "../../src/nn/layer-norm.js";
import { anySeed, normalArrays } from "../laws/numbers.js";
import { arrayOf, at } from "./images.js";
import { applied } from "./layers.js";

const few = fc.integer({ min: 1, max: 4 });

/** Mean and variance of the elements of an array that belong to a part of it. */
function momentsOf({ shape, data }: NdArray, belongs: (...index: number[]) => boolean) {
  const inside = arrayOf(shape, (...index) => +belongs(...index)).data;
  const values = [...data].filter((_, i) => inside[i]);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length };
}

function expectFreshStart(layer: Layer, channels: number): void {
  const { scale, offset } = layer.initialise(new Random(0));
  expect(layer.params).toEqual({ scale: [channels], offset: [channels] });
  expect(scale).toEqual({ shape: [channels], data: new Float64Array(channels).fill(1) });
  expect(offset).toEqual({ shape: [channels], data: new Float64Array(channels) });
}

describe("layer normalisation", () => {
  it("gives every row mean and variance by its parameters", () => {
    fc.assert(
      fc.property(few, few, anySeed, (count, features, seed) => {
        const layer = layerNorm({ features, epsilon: 0.01 });
        const [rows, scale, offset] = normalArrays([[count, features], [features], [features]], seed);
        const expected = arrayOf(rows.shape, (i, j) => {
          const { mean, variance } = momentsOf(rows, (row) => row === i);
          return (scale.data[j] * (at(rows, i, j) - mean)) / Math.sqrt(variance + 0.01) + offset.data[j];
        });
        expect(applied(layer, { scale, offset }, rows)).toBeAllclose(expected);
      }),
      { numRuns: 20 },
    );
  });

  it("starts with scales of one and offsets of zero", () => {
    fc.assert(fc.property(few, (features) => expectFreshStart(layerNorm({ features }), features)));
  });
});

describe("group normalisation", () => {
  it("gives every group of channels of every image mean and variance by its parameters", () => {
    fc.assert(
      fc.property(few, few, fc.boolean(), anySeed, (groups, width, flat, seed) => {
        const channels = groups * width;
        const layer = groupNorm({ channels, groups, epsilon: 0.01 });
        const shape = flat ? [2, channels] : [2, 3, 2, channels];
        const [images, scale, offset] = normalArrays([shape, [channels], [channels]], seed);
        const groupOf = (channel: number): number => Math.floor(channel / width);
        const expected = arrayOf(shape, (...index) => {
          const channel = index[index.length - 1];
          const { mean, variance } = momentsOf(
            images,
            (...other) => other[0] === index[0] && groupOf(other[other.length - 1]) === groupOf(channel),
          );
          const normal = (at(images, ...index) - mean) / Math.sqrt(variance + 0.01);
          return scale.data[channel] * normal + offset.data[channel];
        });
        expect(applied(layer, { scale, offset }, images)).toBeAllclose(expected);
      }),
      { numRuns: 20 },
    );
  });

  it("starts with scales of one and offsets of zero", () => {
    fc.assert(
      fc.property(few, few, (groups, width) =>
        expectFreshStart(groupNorm({ channels: groups * width, groups }), groups * width),
      ),
    );
  });

  it.each([
    [6, 4],
    [6, 0],
    [6, 1.5],
    [6, -2],
  ])("of %i channels in %d groups is refused", (channels, groups) => {
    expect(() => groupNorm({ channels, groups })).toThrow(
      `groupNorm: ${channels} channels do not divide into ${groups} groups; choose a divisor of ${channels}`,
    );
  });
});
