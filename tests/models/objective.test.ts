import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { array, type NdArray } from "../../src/compiler/nd-array.js";
import { javascriptTarget } from "../../src/compiler/targets/javascript/javascript-target.js";
import { evaluation, type ForwardContext } from "../../src/models/block.js";
import { lossName, Objective } from "../../src/models/objective.js";
import { tracedBlock } from "../../src/models/traced-block.js";
import { annealed, constant } from "../../src/nn/schedules.js";
import { errorPenalty } from "../../src/regularizers/error-penalty.js";
import type { Regularizer } from "../../src/regularizers/regularizer.js";
import { stiffnessPenalty } from "../../src/regularizers/stiffness-penalty.js";
import { countingTarget } from "../laws/counting-target.js";
import { derivativeAtZero } from "../laws/directional-derivative.js";
import { innerProducts, movedAlong, randomDirection } from "../laws/directions.js";
import { representativeMethods } from "../solvers/tableaux/methods.js";
import { halfway, type SmallObjective, smallModels, smallObjective, withValues } from "./small-objective.js";

type Arrays = Readonly<Record<string, NdArray>>;

const target = javascriptTarget;

/** Loss and penalties at a point, and their gradients for parameters and inputs. */
function differentiated({ objective, params }: SmallObjective, arrays: Arrays, context: ForwardContext) {
  return withValues(arrays, target, (values) => {
    const value = objective.evaluate(values, context);
    const gradients = Object.entries(value.gradients([...params, "inputs"]));
    const accepted = value.runs[0].solve?.steps.filter((step) => step.accepted) ?? [];
    value.release();
    return {
      penalty: value.penalty,
      gradients: Object.fromEntries(gradients.map(([name, gradient]) => [name, target.get(gradient)])),
      ends: accepted.map(({ t, h }) => t + h),
    };
  });
}

/** Loss and penalties at a point. */
function totalOf({ objective }: SmallObjective, arrays: Arrays, context: ForwardContext): number {
  return withValues(arrays, target, (values) => {
    const { loss, penalty, release } = objective.evaluate(values, context);
    release();
    return loss + penalty;
  });
}

const penalties = {
  "no penalty": () => [],
  "the error penalty": () => [errorPenalty({ weight: annealed(30, 3) })],
  "the stiffness penalty": () => [stiffnessPenalty({ weight: constant(0.3) })],
  "both penalties": () => [
    errorPenalty({ weight: constant(20), reduction: "sum" }),
    stiffnessPenalty({ weight: annealed(0.1, 1), reduction: "mean" }),
  ],
} satisfies Record<string, () => Regularizer[]>;

describe.each(representativeMethods)(
  "the gradient of a neural ODE's objective, solved by $name,",
  (method) => {
    it.each(Object.entries(penalties))(
      "with %s, is that of central differences at frozen steps",
      (name, make) => {
        fc.assert(
          fc.property(smallModels, fc.nat(), (model, seed) => {
            const small = smallObjective(model, { method }, target);
            const context = halfway(make());
            const { penalty, gradients, ends } = differentiated(small, small.arrays, context);
            small.freeze(ends);
            const direction = randomDirection(gradients, seed);
            const { value, uncertainty } = derivativeAtZero((distance) =>
              totalOf(small, movedAlong(small.arrays, direction, distance), {
                ...context,
                differentiate: false,
              }),
            );
            small.dispose();
            const products = innerProducts(gradients, direction);
            const scale = Math.max(...products.map(Math.abs), Math.abs(value));
            // where |y| = |y1| or two terms of a maximum are about equal, the objective has a kink
            fc.pre(uncertainty < 2e-7 * scale);
            const whole = products.reduce((sum, product) => sum + product, 0);
            expect(whole).toBeAllclose(value, { relative: 0, absolute: 1e-6 * scale });
            if (name === "no penalty") expect(penalty).toBe(0);
            else if (name !== "the stiffness penalty" || method.stiffnessPair)
              expect(penalty).toBeGreaterThan(0);
          }),
          { numRuns: 5, maxSkipsPerRun: 2 },
        );
      },
    );
  },
);

describe("an objective", () => {
  const square = (name: string, writes: string) =>
    tracedBlock(
      {
        reads: { x: [3] },
        withRespectTo: ["x"],
        of: [writes],
        run: ({ x }) => ({ [writes]: name === "cube" ? tf.mul(x, tf.square(x)) : tf.square(x) }),
      },
      shared,
    );
  const shared = countingTarget();

  it("adds the gradients of blocks that read the same name", () => {
    const blocks = [
      square("square", "a"),
      square("cube", "b"),
      tracedBlock(
        {
          reads: { a: [3], b: [3], x: [3] },
          withRespectTo: ["a", "b", "x"],
          of: [lossName],
          run: ({ a, b, x }) => ({ [lossName]: tf.sum(tf.add(tf.add(a, b), x)) }),
        },
        shared,
      ),
    ];
    const objective = new Objective(blocks, shared);
    withValues({ x: array([1, -2, 0.5]) }, shared, (values) => {
      const value = objective.evaluate(values, halfway([]));
      const { x } = value.gradients(["x"]);
      // x + x^2 + x^3
      expect(shared.get(x)).toBeAllclose([1 + 2 + 3, 1 - 4 + 12, 1 + 1 + 0.75]);
      shared.free(x);
      value.release();
    });
    objective.dispose();
    for (const block of blocks) block.dispose();
    expect([shared.values, shared.programs]).toEqual([0, 0]);
  });

  it("names a value on which the loss does not depend", () => {
    const block = square("square", "a");
    const last = tracedBlock(
      {
        reads: { a: [3] },
        withRespectTo: ["a"],
        of: [lossName],
        run: ({ a }) => ({ [lossName]: tf.sum(a) }),
      },
      shared,
    );
    const objective = new Objective([block, last], shared);
    withValues({ x: array([1, 2, 3]), y: array([4, 5, 6]) }, shared, (values) => {
      const value = objective.evaluate(values, halfway([]));
      expect(() => value.gradients(["x", "y"])).toThrow('the loss does not depend on "y"');
      value.release();
    });
    objective.dispose();
    for (const each of [block, last]) each.dispose();
    expect([shared.values, shared.programs]).toEqual([0, 0]);
  });

  it("without a loss says so, and keeps nothing", () => {
    const block = square("square", "a");
    const objective = new Objective([block], shared);
    withValues({ x: array([1, 2, 3]) }, shared, (values) => {
      expect(() => objective.evaluate(values, evaluation)).toThrow('no block writes "loss"');
    });
    objective.dispose();
    block.dispose();
    expect([shared.values, shared.programs]).toEqual([0, 0]);
  });
});
