import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { javascriptTarget } from "../../../src/compiler/targets/javascript/javascript-target.js";
import { momentum } from "../../../src/nn/optimizers/momentum.js";
import type { Optimizer } from "../../../src/nn/optimizers/optimizer.js";
import { compileOptimizer } from "../../../src/nn/optimizers/optimizer-program.js";
import { countingTarget } from "../../laws/counting-target.js";
import { anySeed, anyShape, normalArrays } from "../../laws/numbers.js";
import { allTargets, targetText } from "../../laws/programs.js";
import { optimised, randomGradients } from "./optimised.js";

const shapes = fc.array(anyShape(), { minLength: 1, maxLength: 3 });

/** Two slots that must not be mixed up: the sum of gradients, and the number of them. */
const averaging: Optimizer = {
  name: "averaging",
  slots: ["sum", "count"],
  rate: () => 1,
  scalars: () => ({ one: 1 }),
  update: ({ gradient, sum, count, one }) => {
    const total = tf.add(sum, gradient);
    const number = tf.add(count, one);
    return { count: number, param: tf.div(total, number), sum: total };
  },
};

describe("an optimizer's program", () => {
  it("keeps the slots of every parameter apart, in whatever order the rule returns them", () => {
    fc.assert(
      fc.property(shapes, anySeed, (of, seed) => {
        const sequence = randomGradients(of, 4, seed);
        const history = optimised(averaging, sequence, countingTarget());
        history[3].forEach(({ data }, p) => {
          const mean = data.map((_, i) =>
            sequence.gradients.reduce((sum, arrays) => sum + arrays[p].data[i] / 4, 0),
          );
          expect(data).toBeAllclose(mean);
        });
      }),
      { numRuns: 10 },
    );
  });

  it("leaves nothing behind", () => {
    const target = countingTarget();
    optimised(averaging, randomGradients([[2], [3, 1]], 3, 1), target);
    expect([target.values, target.programs]).toEqual([0, 0]);
  });

  it("scales the learning rate by the factor that it is given", () => {
    const [param, gradient] = normalArrays([[4], [4]], 1).map((array) => javascriptTarget.put(array));
    const stepBy = (learningRate: number, factor?: number) => {
      const program = compileOptimizer(momentum({ learningRate }), { p: [4] }, javascriptTarget);
      const { params } = program.update({ p: param }, { p: gradient }, program.initialState(), 1, factor);
      return javascriptTarget.get(params.p);
    };
    expect(stepBy(0.5, 0.25)).toEqual(stepBy(0.125));
    expect(stepBy(0.5)).toEqual(stepBy(0.5, 1));
  });

  it.each(allTargets.map((target) => [targetText(target), target] as const))(
    "on %s tells the norm of all gradients together, and notices any number that is not finite",
    (_, target) => {
      const shapesOf = { a: [2, 3], b: [5] };
      const program = compileOptimizer(momentum(), shapesOf, target);
      const [a, b] = normalArrays(Object.values(shapesOf), 7);
      const normOf = (change: (data: Float64Array) => void): number => {
        const changed = { shape: b.shape, data: Float64Array.from(b.data) };
        change(changed.data);
        const [given, other] = [a, changed].map((array) => target.put(array));
        const both = { a: given, b: other };
        return program.update(both, both, program.initialState(), 1).gradientNorm;
      };
      const expected = Math.hypot(...a.data, ...b.data);
      expect(normOf(() => {})).toBeAllclose(expected, { relative: 1e-6 });
      for (const wrong of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
        for (const at of [0, 4]) {
          expect(Number.isFinite(normOf((data) => data.fill(wrong, at, at + 1)))).toBe(false);
        }
      }
      program.dispose();
    },
  );
});
