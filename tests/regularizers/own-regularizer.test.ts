import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { constant, type Regularizer } from "../../src/index.js";
import { integralAlong } from "./host-integrals.js";
import { PenalisedField } from "./penalised-field.js";
import { fieldNames, smallFields } from "./small-fields.js";

/** A user's own: the length of the solution's path, in the norm of the largest component. */
const pathLength: Regularizer = {
  name: "path length",
  weight: constant(0.5),
  integrand: ({ t, y, field }) => tf.max(tf.abs(field(t, y)), 1),
};

/** Another: the number of steps whose error estimate is above a half, made smooth by a power. */
const nearRejection: Regularizer = {
  name: "near rejection",
  weight: constant(1),
  steps: (accepted) => ({
    value: accepted.reduce((sum, { error }) => sum + error ** 4, 0),
    dError: Float64Array.from(accepted, ({ error }) => 4 * error ** 3),
    dStiffness: new Float64Array(accepted.length),
  }),
};

describe.each(fieldNames)("a regularizer written by a user, for %s,", (name) => {
  it("is added like any other", () => {
    fc.assert(
      fc.property(smallFields(name), (small) => {
        const field = new PenalisedField(small, { tolerance: 1e-8 });
        const { penalty, steps } = field.pass([pathLength, nearRejection]);
        field.dispose();
        const length = integralAlong(small, [0, 1], (t, y) => {
          const slope = small.slope(t, y);
          const [rows, features] = slope.shape;
          const largest = Array.from({ length: rows }, (_, row) =>
            Math.max(...slope.data.subarray(row * features, (row + 1) * features).map(Math.abs)),
          );
          return largest.reduce((sum, each) => sum + each, 0) / rows;
        });
        const fourths = steps.filter((step) => step.accepted).reduce((sum, { error }) => sum + error ** 4, 0);
        // the largest component may change: a kink, at which quadratures are of low order
        expect(penalty).toBeAllclose(0.5 * length + fourths, { relative: 2e-3 });
      }),
      { numRuns: 3 },
    );
  });
});
