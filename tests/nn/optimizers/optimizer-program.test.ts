import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { NdArray } from "../../../src/compiler/nd-array.js";
import type { Shape } from "../../../src/compiler/shape.js";
import type { NamedValues, Target } from "../../../src/compiler/targets/target.js";
import { momentum } from "../../../src/nn/optimizers/momentum.js";
import type { Optimizer } from "../../../src/nn/optimizers/optimizer.js";
import { compileOptimizer } from "../../../src/nn/optimizers/optimizer-program.js";
import { countingTarget } from "../../laws/counting-target.js";
import { anySeed, anyShape, normalArrays } from "../../laws/numbers.js";
import { allTargets, targetText } from "../../laws/programs.js";

const shapes = fc.array(anyShape(), { minLength: 1, maxLength: 3 });

/** Runs an optimizer on fixed gradients; returns the parameters after every iteration. */
function optimised(
  optimizer: Optimizer,
  start: readonly NdArray[],
  gradients: readonly (readonly NdArray[])[],
  target: Target,
): NdArray[][] {
  const named = <T>(items: readonly T[]) => Object.fromEntries(items.map((item, i) => [`p${i}`, item]));
  const put = (arrays: readonly NdArray[]): NamedValues => named(arrays.map((array) => target.put(array)));
  const free = (values: NamedValues): void => {
    for (const value of Object.values(values)) target.free(value);
  };
  const program = compileOptimizer(optimizer, named<Shape>(start.map(({ shape }) => shape)), target);
  let params = put(start);
  let state = program.initialState();
  const history = gradients.map((arrays, i) => {
    const gradient = put(arrays);
    const updated = program.update(params, gradient, state, i + 1);
    for (const old of [params, state, gradient]) free(old);
    ({ params, state } = updated);
    return Object.values(params).map((value) => target.get(value));
  });
  free(params);
  free(state);
  program.dispose();
  return history;
}

/** Iterations of random gradients for parameters of the given shapes. */
function randomGradients(of: readonly Shape[], iterations: number, seed: number): NdArray[][] {
  return Array.from({ length: iterations }, (_, i) => normalArrays(of, seed + i + 1));
}

describe("momentum", () => {
  it.each(allTargets.map((target) => ({ target, name: targetText(target) })))(
    "on $name is Flux's: gradient over 1 + decay n, velocity, step",
    ({ target }) => {
      const [learningRate, inertia, decay] = [0.1, 0.9, 0.02];
      const epsilon = target.precision === "float32" ? 2e-6 : 1e-13;
      fc.assert(
        fc.property(shapes, anySeed, (of, seed) => {
          const start = normalArrays(of, seed);
          const gradients = randomGradients(of, 30, seed);
          const optimizer = momentum({ learningRate, momentum: inertia, decay });
          const actual = optimised(optimizer, start, gradients, target);
          const params = start.map(({ data }) => Float64Array.from(data));
          const velocities = start.map(({ data }) => new Float64Array(data.length));
          gradients.forEach((arrays, n) => {
            params.forEach((param, p) => {
              for (let i = 0; i < param.length; i++) {
                const scaled = arrays[p].data[i] / (1 + decay * (n + 1));
                velocities[p][i] = inertia * velocities[p][i] - learningRate * scaled;
                param[i] += velocities[p][i];
              }
              expect(actual[n][p].data).toBeAllclose(param, { relative: 0, absolute: 10 * epsilon });
            });
          });
        }),
        { numRuns: 5 },
      );
    },
  );

  it("is plain gradient descent without inertia and decay", () => {
    const start = normalArrays([[2, 3]], 1);
    const [gradient] = randomGradients([[2, 3]], 1, 1);
    const [[after]] = optimised(
      momentum({ learningRate: 0.5, momentum: 0 }),
      start,
      [gradient],
      countingTarget(),
    );
    expect(after.data).toBeAllclose(start[0].data.map((value, i) => value - 0.5 * gradient[0].data[i]));
  });
});

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
        const gradients = randomGradients(of, 4, seed);
        const history = optimised(averaging, normalArrays(of, seed), gradients, countingTarget());
        history[3].forEach(({ data }, p) => {
          const mean = data.map((_, i) => gradients.reduce((sum, arrays) => sum + arrays[p].data[i], 0) / 4);
          expect(data).toBeAllclose(mean);
        });
      }),
      { numRuns: 10 },
    );
  });

  it("leaves nothing behind", () => {
    const target = countingTarget();
    optimised(averaging, normalArrays([[2], [3, 1]], 1), randomGradients([[2], [3, 1]], 3, 1), target);
    expect([target.values, target.programs]).toEqual([0, 0]);
  });
});
