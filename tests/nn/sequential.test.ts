import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Random } from "../../src/compiler/random.js";
import { dense } from "../../src/nn/dense.js";
import { sequential } from "../../src/nn/sequential.js";
import { anySeed, normalArrays } from "../laws/numbers.js";
import { affine, appended, applied } from "./layers.js";

const width = fc.integer({ min: 1, max: 4 });

function network(inputs: number, hidden: number, outputs: number) {
  const first = dense({ inputs, outputs: hidden, activation: "tanh", time: true });
  const second = dense({ inputs: hidden, outputs, activation: "sigmoid" });
  return sequential({ first, second });
}

describe("layers in sequence", () => {
  it("are applied one after the other, all at the same time", () => {
    fc.assert(
      fc.property(width, width, width, anySeed, (inputs, hidden, outputs, seed) => {
        const layer = network(inputs, hidden, outputs);
        const names = Object.keys(layer.params);
        const [rows, ...arrays] = normalArrays([[3, inputs], ...Object.values(layer.params)], seed);
        const params = Object.fromEntries(names.map((name, i) => [name, arrays[i]]));
        const between = affine(appended(rows, -0.7), params["first.weight"], params["first.bias"], Math.tanh);
        const expected = affine(
          between,
          params["second.weight"],
          params["second.bias"],
          (x) => 1 / (1 + Math.exp(-x)),
        );
        expect(applied(layer, params, rows, -0.7)).toBeAllclose(expected);
      }),
      { numRuns: 20 },
    );
  });

  it("have their parameters under joined names, also when nested", () => {
    const nested = sequential({ inner: network(1, 2, 3), head: dense({ inputs: 3, outputs: 4 }) });
    const shapes = {
      "inner.first.weight": [2, 2],
      "inner.first.bias": [2],
      "inner.second.weight": [2, 3],
      "inner.second.bias": [3],
      "head.weight": [3, 4],
      "head.bias": [4],
    };
    expect(nested.params).toEqual(shapes);
    const initial = nested.initialise(new Random(1));
    expect(Object.fromEntries(Object.entries(initial).map(([name, { shape }]) => [name, shape]))).toEqual(
      shapes,
    );
  });

  it("start the same from the same seed and differently from another", () => {
    fc.assert(
      fc.property(anySeed, anySeed, (a, b) => {
        fc.pre(a !== b);
        const layer = network(3, 3, 3);
        const [first, again, other] = [a, a, b].map((seed) => layer.initialise(new Random(seed)));
        expect(again).toEqual(first);
        for (const name of ["first.weight", "second.weight"]) expect(other[name]).not.toEqual(first[name]);
      }),
    );
  });

  it("draw each layer from a stream of its own name: another layer before it changes nothing", () => {
    const second = dense({ inputs: 2, outputs: 2 });
    const alone = sequential({ second }).initialise(new Random(5));
    const behind = sequential({ first: dense({ inputs: 9, outputs: 2 }), second }).initialise(new Random(5));
    expect(behind["second.weight"]).toEqual(alone["second.weight"]);
  });
});
