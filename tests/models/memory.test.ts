import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { evaluation } from "../../src/models/block.js";
import { SolveError } from "../../src/models/solve-error.js";
import { constant } from "../../src/nn/schedules.js";
import { errorPenalty } from "../../src/regularizers/error-penalty.js";
import type { Regularizer } from "../../src/regularizers/regularizer.js";
import { stiffnessPenalty } from "../../src/regularizers/stiffness-penalty.js";
import { type CountingTarget, countingTarget } from "../laws/counting-target.js";
import { representativeMethods } from "../solvers/tableaux/methods.js";
import { halfway, smallModels, smallObjective, withValues } from "./small-objective.js";

const regularizers = [errorPenalty({ weight: constant(1) }), stiffnessPenalty({ weight: constant(1) })];

const broken: Regularizer = {
  name: "broken",
  weight: constant(1),
  steps: () => {
    throw new Error("the penalty is broken");
  },
};

function expectEmpty(target: CountingTarget): void {
  expect([target.values, target.programs]).toEqual([0, 0]);
}

describe.each(representativeMethods)("an objective solved by $name", (method) => {
  it("leaves nothing behind, whether it is differentiated, only evaluated, or asked twice", () => {
    fc.assert(
      fc.property(smallModels, (model) => {
        const target = countingTarget();
        const { objective, arrays, params, dispose } = smallObjective(model, { method }, target);
        withValues(arrays, target, (values) => {
          const before = target.values;
          objective.evaluate(values, evaluation).release();
          expect(target.values).toBe(before);
          const value = objective.evaluate(values, halfway(regularizers));
          for (const names of [params, params.slice(1)]) {
            for (const gradient of Object.values(value.gradients(names))) target.free(gradient);
          }
          value.release();
        });
        dispose();
        expectEmpty(target);
      }),
      { numRuns: 4 },
    );
  });

  it("leaves nothing behind when its solve fails in the middle", () => {
    fc.assert(
      fc.property(smallModels, fc.integer({ min: 0, max: 2 }), (model, maxSteps) => {
        const target = countingTarget();
        const { objective, arrays, dispose } = smallObjective(model, { method, maxSteps }, target);
        withValues(arrays, target, (values) => {
          let release = (): void => {};
          try {
            ({ release } = objective.evaluate(values, halfway(regularizers)));
          } catch (error) {
            expect(error).toBeInstanceOf(SolveError);
            expect((error as Error).message).toContain(`the limit of ${maxSteps} steps was reached`);
          }
          release();
        });
        dispose();
        expectEmpty(target);
      }),
      { numRuns: 6 },
    );
  });

  it("leaves nothing behind when a penalty throws", () => {
    const target = countingTarget();
    const model = { batch: 2, features: 3, hidden: 2, classes: 2, seed: 1 };
    const { objective, arrays, dispose } = smallObjective(model, { method }, target);
    withValues(arrays, target, (values) => {
      expect(() => objective.evaluate(values, halfway([broken]))).toThrow("the penalty is broken");
    });
    dispose();
    expectEmpty(target);
  });

  it("fails, and leaves nothing behind, where the field is not finite", () => {
    const target = countingTarget();
    const model = { batch: 2, features: 3, hidden: 2, classes: 2, seed: 1 };
    const { objective, arrays, dispose } = smallObjective(model, { method }, target);
    const bias = arrays["field.output.bias"];
    const spoilt = { ...arrays, "field.output.bias": { ...bias, data: bias.data.map(() => Number.NaN) } };
    withValues(spoilt, target, (values) => {
      expect(() => objective.evaluate(values, evaluation)).toThrow(
        "the vector field returned NaN or infinity",
      );
    });
    dispose();
    expectEmpty(target);
  });
});
