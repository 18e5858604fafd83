import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Random } from "../../src/compiler/random.js";
import { dense } from "../../src/nn/dense.js";
import { anySeed, normalArrays } from "../laws/numbers.js";
import { activation, activationFormulas, affine, appended, applied } from "./layers.js";

const width = fc.integer({ min: 1, max: 5 });

describe("a dense layer", () => {
  it("is activation(rows W + b), with the time as the last input where it has one", () => {
    fc.assert(
      fc.property(
        width,
        width,
        width,
        activation,
        fc.boolean(),
        anySeed,
        (count, inputs, outputs, f, time, seed) => {
          const layer = dense({ inputs, outputs, activation: f, time });
          const { weight: weightShape, bias: biasShape } = layer.params;
          const [rows, weight, bias] = normalArrays([[count, inputs], weightShape, biasShape], seed);
          const read = time ? appended(rows, 0.3) : rows;
          expect(applied(layer, { weight, bias }, rows, 0.3)).toBeAllclose(
            affine(read, weight, bias, activationFormulas[f]),
          );
        },
      ),
      { numRuns: 40 },
    );
  });

  it("starts with the names and shapes that it declares: a random weight, a bias of zeros", () => {
    fc.assert(
      fc.property(width, width, fc.boolean(), anySeed, (inputs, outputs, time, seed) => {
        const layer = dense({ inputs, outputs, time });
        const initial = layer.initialise(new Random(seed));
        expect(layer.params).toEqual({ weight: [inputs + (time ? 1 : 0), outputs], bias: [outputs] });
        expect(Object.keys(initial)).toEqual(Object.keys(layer.params));
        for (const [name, { shape }] of Object.entries(initial)) expect(shape).toEqual(layer.params[name]);
        expect(initial.weight.data.every((value) => value !== 0)).toBe(true);
        expect(initial.bias.data.every((value) => value === 0)).toBe(true);
      }),
    );
  });

  it("with time says so when it is applied without one", () => {
    const layer = dense({ inputs: 1, outputs: 1, time: true });
    const params = layer.initialise(new Random(0));
    const [rows] = normalArrays([[1, 1]], 0);
    expect(() => applied(layer, params, rows)).toThrow("a layer with time: true must be applied with a time");
  });
});
