import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type NdArray, ndArray } from "../../src/compiler/nd-array.js";
import { Random } from "../../src/compiler/random.js";
import { javascriptTarget } from "../../src/compiler/targets/javascript/javascript-target.js";
import { wasmTarget } from "../../src/compiler/targets/wasm/wasm-target.js";
import { evaluation } from "../../src/models/block.js";
import { latentSampleBlock } from "../../src/models/latent-sample.js";
import { noiseBlock } from "../../src/models/noise-block.js";
import { recognitionCell } from "../../src/models/recognition-cell.js";
import { recurrentBlock } from "../../src/models/recurrent-block.js";
import { namedParams } from "../../src/nn/named-layers.js";
import { pointwise } from "../../src/nn/pointwise.js";
import { steer } from "../../src/regularizers/steer.js";
import { normalArrays } from "../laws/numbers.js";
import { withValues } from "./small-objective.js";

const sizes = fc.record({
  entries: fc.integer({ min: 1, max: 4 }),
  batch: fc.integer({ min: 1, max: 3 }),
  features: fc.integer({ min: 1, max: 2 }),
  state: fc.integer({ min: 1, max: 3 }),
  hidden: fc.integer({ min: 1, max: 3 }),
  seed: fc.nat(),
});

type Sizes = typeof sizes extends fc.Arbitrary<infer T> ? T : never;
type Arrays = Readonly<Record<string, NdArray>>;

/** A sequence in which some entries have nothing observed, times, and parameters of a recognition cell. */
function sequenceOf({ entries, batch, features, state, hidden, seed }: Sizes) {
  const random = new Random(seed);
  const cell = recognitionCell({ features, state, hidden });
  const shapes = namedParams(cell.layers);
  const names = Object.keys(shapes);
  const numbers = normalArrays([[entries, batch, 2 * features], ...Object.values(shapes)], seed);
  const data = numbers[0].data.map((value, i) => {
    if (i % (2 * features) < features) return value;
    return Math.floor(i / (2 * features)) % 2 === 0 ? 0 : Number(random.uniform() < 0.5);
  });
  const inputs = ndArray(numbers[0].shape, data);
  let time = 0;
  const times = Array.from({ length: entries }, () => {
    time += random.uniform();
    return time;
  });
  const params = Object.fromEntries(names.map((name, i) => [`recognition.${name}`, numbers[i + 1]]));
  const shape = [entries, batch, 2 * features] as const;
  return { cell, shape, times, arrays: { inputs, ...params } as Arrays };
}

/** The last state of one record, written anew, number by number. */
function recognised({ features, state }: Sizes, times: readonly number[], arrays: Arrays, record: number) {
  const { shape, data } = arrays.inputs;
  const dense = (from: readonly number[], name: string, act: (x: number) => number): number[] => {
    const weight = arrays[`recognition.${name}.weight`];
    return [...arrays[`recognition.${name}.bias`].data].map((bias, j) =>
      act(from.reduce((sum, x, i) => sum + x * weight.data[i * weight.shape[1] + j], bias)),
    );
  };
  const network = (from: readonly number[], name: string, act: (x: number) => number) =>
    dense(dense(from, `${name}.hidden`, Math.tanh), `${name}.output`, act);
  const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
  let old = new Array<number>(2 * state).fill(0);
  for (let i = times.length - 1; i >= 0; i--) {
    const gap = (times[i + 1] ?? times[i]) - times[i];
    const start = (i * shape[1] + record) * 2 * features;
    const entry = [...data.slice(start, start + 2 * features), gap];
    const update = network([...old, ...entry], "update", sigmoid);
    const reset = network([...old, ...entry], "reset", sigmoid);
    const seen = entry.slice(features).reduce((sum, x) => sum + x, 0);
    const gated = old.map((x, j) => reset[j % state] * x);
    const candidate = network([...gated, ...entry], "candidate", (x) => x);
    const before = old;
    if (seen > 0) old = before.map((x, j) => update[j % state] * x + (1 - update[j % state]) * candidate[j]);
  }
  return old;
}

describe("a recognition network", () => {
  it.each([javascriptTarget, wasmTarget({ precision: "float64" })])(
    "reads a sequence backwards by the gated rule of the reference, on $name",
    (target) => {
      fc.assert(
        fc.property(sizes, fc.boolean(), (small, differentiate) => {
          const { cell, shape, times, arrays } = sequenceOf(small);
          const horizon = { span: [times[0], times[times.length - 1]] as const, saveAt: times };
          const names = { name: "recognition", reads: "inputs", writes: "state" };
          const block = recurrentBlock({ cell, shape, horizon, ...names }, target);
          const state = withValues(arrays, target, (read) => {
            const run = block.forward(read, { ...evaluation, differentiate });
            const written = target.get(run.written.state);
            run.release();
            return written;
          });
          block.dispose();
          const expected = Array.from({ length: small.batch }, (_, i) => recognised(small, times, arrays, i));
          expect(state.data).toBeAllclose(expected.flat(), { relative: 1e-9, absolute: 1e-12 });
        }),
        { numRuns: 8 },
      );
    },
  );

  it("sees the times as regularizers moved them", () => {
    const small = { entries: 4, batch: 2, features: 1, state: 2, hidden: 2, seed: 3 };
    const { cell, shape, times, arrays } = sequenceOf(small);
    const horizon = { span: [times[0], times[3]] as const, saveAt: times };
    const names = { name: "recognition", reads: "inputs", writes: "state" };
    const block = recurrentBlock({ cell, shape, horizon, ...names }, javascriptTarget);
    const random = new Random(5);
    const regularizer = steer({ width: 0.1 });
    const state = withValues(arrays, javascriptTarget, (read) => {
      const run = block.forward(read, { ...evaluation, regularizers: [regularizer], random });
      return javascriptTarget.get(run.written.state);
    });
    const { saveAt: moved = [] } = regularizer.horizon(horizon, random.split("steer 0"));
    expect(moved).not.toEqual(times);
    const expected = [0, 1].flatMap((record) => recognised(small, moved, arrays, record));
    expect(state.data).toBeAllclose(expected, { relative: 1e-9, absolute: 1e-12 });
    block.dispose();
  });
});

describe("noise", () => {
  it("is the same in one context and another in another", () => {
    const block = noiseBlock({ writes: "noise", shape: [3, 4] }, javascriptTarget);
    const drawn = (seed: number) =>
      javascriptTarget.get(block.forward({}, { ...evaluation, random: new Random(seed) }).written.noise).data;
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        expect(drawn(seed)).toEqual(drawn(seed));
        expect(drawn(seed)).not.toEqual(drawn(seed + 1));
      }),
    );
  });
});

describe("a latent sample", () => {
  const names = { state: "found", noise: "noise", sample: "sample", divergence: "divergence" };

  /** The sample and the divergence for given mean, log-variance and noise. */
  function drawn(mean: number, logVariance: number, noise: number) {
    const target = javascriptTarget;
    const options = { layer: pointwise((x) => x), name: "none", latent: 1, shape: [1, 2], names };
    const block = latentSampleBlock(options, target);
    const found = ndArray([1, 2], Float64Array.of(mean, logVariance));
    return withValues({ found, noise: ndArray([1, 1], Float64Array.of(noise)) }, target, (read) => {
      const { written } = block.forward(read, evaluation);
      const [sample] = target.get(written.sample).data;
      const [divergence] = target.get(written.divergence).data;
      return { sample, divergence };
    });
  }

  it("is the mean and so many deviations, and diverges as much as the integral of q ln(q / p)", () => {
    const between = (min: number, max: number) => fc.double({ min, max, noNaN: true });
    fc.assert(
      fc.property(between(-2, 2), between(-2, 1), between(-3, 3), (mean, logVariance, noise) => {
        const { sample, divergence } = drawn(mean, logVariance, noise);
        const deviation = Math.sqrt(Math.exp(logVariance));
        expect(sample).toBeAllclose(mean + deviation * noise, { relative: 1e-12, absolute: 1e-12 });
        let integral = 0;
        const dz = 0.01;
        for (let u = -10; u <= 10; u += dz) {
          const z = mean + deviation * u;
          const logRatio = -(u ** 2) / 2 - Math.log(deviation) + z ** 2 / 2;
          integral += (dz * Math.exp(-(u ** 2) / 2) * logRatio) / Math.sqrt(2 * Math.PI);
        }
        expect(divergence).toBeAllclose(integral, { relative: 1e-8, absolute: 1e-8 });
      }),
      { numRuns: 30 },
    );
  });
});
