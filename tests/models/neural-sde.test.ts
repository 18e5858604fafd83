import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type NdArray, ndArray } from "../../src/compiler/nd-array.js";
import { Random } from "../../src/compiler/random.js";
import { evaluation, type ForwardContext } from "../../src/models/block.js";
import { inputsName, outputName } from "../../src/models/model.js";
import { type NeuralSdeOptions, neuralSde } from "../../src/models/neural-sde.js";
import { lossName, Objective } from "../../src/models/objective.js";
import { tracedBlock } from "../../src/models/traced-block.js";
import { dense } from "../../src/nn/dense.js";
import { countingTarget } from "../laws/counting-target.js";
import { normalArrays } from "../laws/numbers.js";
import { withValues } from "./small-objective.js";

const [features, width, outputs] = [4, 3, 2];
const network: NeuralSdeOptions = {
  encoder: dense({ inputs: features, outputs: width }),
  drift: dense({ inputs: width, outputs: width, activation: "tanh" }),
  diffusion: dense({ inputs: width, outputs: width }),
  head: dense({ inputs: width, outputs }),
  features,
  width,
  outputs,
  rtol: 0.1,
  atol: 0.1,
  target: "javascript",
};
const names = Object.keys(neuralSde(network).params);

/** The model's output for rows, and the gradients of its sum. */
function pass(options: NeuralSdeOptions, arrays: Readonly<Record<string, NdArray>>, context: ForwardContext) {
  const model = neuralSde(options);
  const { target } = model;
  const shape = model.outputShape(arrays[inputsName].shape[0]);
  const sumOf = tracedBlock(
    {
      reads: { [outputName]: shape },
      withRespectTo: [outputName],
      of: [lossName],
      run: (read) => ({ [lossName]: tf.sum(read[outputName]) }),
    },
    target,
  );
  const objective = new Objective([...model.blocks(shape[0]), sumOf], target);
  try {
    return withValues(arrays, target, (read) => {
      const value = objective.evaluate(read, context);
      const output = target.get(value.values[outputName]);
      const gradients = context.differentiate
        ? Object.entries(value.gradients(names)).map(([name, gradient]) => {
            const { data } = target.get(gradient);
            target.free(gradient);
            return [name, data] as const;
          })
        : [];
      value.release();
      return { output, gradients: Object.fromEntries(gradients) };
    });
  } finally {
    objective.dispose();
    sumOf.dispose();
    model.dispose();
  }
}

const repeated = ({ shape: [rows, columns], data }: NdArray, times: number): NdArray =>
  ndArray(
    [rows * times, columns],
    Float64Array.from({ length: times * data.length }, (_, i) => data[i % data.length]),
  );

describe("a neural SDE", () => {
  it("averages over paths what it gives for as many copies of the batch, each along its own", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 2, max: 4 }),
        fc.nat(),
        (batch, paths, seed) => {
          const shapes = [[batch, features], ...Object.values(neuralSde(network).params)];
          const [inputs, ...numbers] = normalArrays(shapes, seed);
          const params = Object.fromEntries(names.map((name, i) => [name, numbers[i]]));
          const context = { ...evaluation, differentiate: true, random: new Random(seed) };
          const target = countingTarget();
          const averaged = pass({ ...network, paths, target }, { ...params, [inputsName]: inputs }, context);
          expect([target.values, target.programs]).toEqual([0, 0]);
          const copies = pass(network, { ...params, [inputsName]: repeated(inputs, paths) }, context);
          const { data } = copies.output;
          const size = batch * outputs;
          const means = Array.from({ length: size }, (_, i) => {
            const along = Array.from({ length: paths }, (_, path) => data[path * size + i]);
            expect(new Set(along).size).toBe(paths);
            return along.reduce((sum, value) => sum + value, 0) / paths;
          });
          expect(averaged.output).toEqual({ shape: [batch, outputs], data: expect.anything() });
          expect(averaged.output.data).toBeAllclose(means);
          for (const [name, gradient] of Object.entries(averaged.gradients)) {
            const expected = copies.gradients[name].map((value) => value / paths);
            expect(gradient, name).toBeAllclose(expected, { relative: 1e-9, absolute: 1e-9 });
          }
        },
      ),
      { numRuns: 5 },
    );
  });

  it("refuses what is no number of paths", () => {
    for (const paths of [0, -1, 1.5, Number.NaN]) {
      expect(() => neuralSde({ ...network, paths })).toThrow(
        `neuralSde: paths must be a whole number of at least 1, got ${paths}`,
      );
    }
  });
});
