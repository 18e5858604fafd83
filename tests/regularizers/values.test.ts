import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type NdArray, ndArray } from "../../src/compiler/nd-array.js";
import type { Random } from "../../src/compiler/random.js";
import { constant } from "../../src/nn/schedules.js";
import { errorPenalty } from "../../src/regularizers/error-penalty.js";
import { jacobianPenalty } from "../../src/regularizers/jacobian-penalty.js";
import { kineticPenalty } from "../../src/regularizers/kinetic-penalty.js";
import { l1Penalty } from "../../src/regularizers/l1-penalty.js";
import { l2Penalty } from "../../src/regularizers/l2-penalty.js";
import type { IntegrandRegularizer, Regularizer } from "../../src/regularizers/regularizer.js";
import { stiffnessPenalty } from "../../src/regularizers/stiffness-penalty.js";
import { taylorPenalty } from "../../src/regularizers/taylor-penalty.js";
import { integralAlong, meanSquare, probedJacobian, solutionDerivative } from "./host-integrals.js";
import { PenalisedField } from "./penalised-field.js";
import { fieldNames, type SmallField, smallFields } from "./small-fields.js";

const weight = constant(2);
/** Forwards and backwards in time: a penalty on a solve backwards is no reward. */
const spans = fc.constantFrom([0.1, 0.9] as const, [0.5, -0.3] as const);

type Rate = (field: SmallField, t: number, y: NdArray) => number;

const integrals: Record<string, { penalty: IntegrandRegularizer; rate: Rate }> = {
  "kinetic energy": {
    penalty: kineticPenalty({ weight }),
    rate: ({ slope }, t, y) => meanSquare(slope(t, y)),
  },
  ...Object.fromEntries(
    ([2, 3, 4] as const).map((order) => [
      `derivative of order ${order}`,
      {
        penalty: taylorPenalty({ weight, order }),
        rate: (field: SmallField, t: number, y: NdArray) =>
          meanSquare(solutionDerivative(field, t, y, order)),
      },
    ]),
  ),
};

/** The penalty in a solve so accurate that its integral is known to the tolerance of the comparison. */
function accuratePenalty(
  small: SmallField,
  span: readonly [number, number],
  regularizer: Regularizer,
): number {
  const field = new PenalisedField(small, { span, tolerance: 1e-9 });
  const { penalty } = field.pass([regularizer]);
  field.dispose();
  return penalty;
}

describe.each(fieldNames)("for %s,", (name) => {
  it.each(Object.entries(integrals))(
    "the penalty on the %s is the integral along the solution, by another method",
    (_, { penalty, rate }) => {
      fc.assert(
        fc.property(smallFields(name), spans, (small, span) => {
          const actual = accuratePenalty(small, span, penalty);
          const expected = 2 * integralAlong(small, span, (t, y) => rate(small, t, y));
          expect(actual).toBeAllclose(expected, { relative: 1e-5, absolute: 1e-7 });
        }),
        { numRuns: 2 },
      );
    },
  );

  it.each(["normal", "rademacher"] as const)(
    "the penalty on the Jacobian is that along one probe of %s numbers",
    (noise) => {
      fc.assert(
        fc.property(smallFields(name), spans, (small, span) => {
          const drawn: number[] = [];
          const penalty = jacobianPenalty({ weight, noise });
          const probe = (random: Random): number => {
            drawn.push(penalty.probe?.(random) ?? Number.NaN);
            return drawn[drawn.length - 1];
          };
          const actual = accuratePenalty(small, span, { ...penalty, probe });
          const eps = ndArray(small.inputs.shape, Float64Array.from(drawn));
          const rate = (t: number, y: NdArray): number => meanSquare(probedJacobian(small, t, y, eps));
          const expected = 2 * integralAlong(small, span, rate);
          expect(actual).toBeAllclose(expected, { relative: 1e-5, absolute: 1e-7 });
        }),
        { numRuns: 2 },
      );
    },
  );

  it("penalties on steps are those of the steps that were taken", () => {
    fc.assert(
      fc.property(smallFields(name), (small) => {
        const field = new PenalisedField(small);
        const [ofError, ofStiffness] = [errorPenalty({ weight }), stiffnessPenalty({ weight })];
        const { penalty, steps } = field.pass([ofError, ofStiffness]);
        field.dispose();
        const accepted = steps.filter((step) => step.accepted);
        const errors = accepted.reduce((sum, { error, h }) => sum + error * h, 0) / (accepted.length + 1);
        // 3.5068: stability size of Tsit5 (OrdinaryDiffEq.jl, alg_utils.jl)
        const stiffest = Math.max(...accepted.map(({ stiffness }) => stiffness)) / 3.5068;
        expect(penalty).toBeAllclose(2 * errors + 2 * stiffest);
      }),
      { numRuns: 2 },
    );
  });

  it("penalties on weights are sums over matrices, or over what is asked for", () => {
    fc.assert(
      fc.property(smallFields(name), (small) => {
        const field = new PenalisedField(small);
        const numbers = (of: (name: string) => boolean): number[] =>
          Object.entries(small.params).flatMap(([key, { data }]) => (of(key) ? Array.from(data) : []));
        const matrices = numbers((key) => key.endsWith("weight"));
        const total = (values: readonly number[], term: (x: number) => number): number =>
          values.reduce((sum, value) => sum + 2 * term(value), 0);
        expect(field.pass([l1Penalty({ weight })]).penalty).toBeAllclose(total(matrices, Math.abs));
        expect(field.pass([l2Penalty({ weight })]).penalty).toBeAllclose(total(matrices, (x) => x * x));
        const everything = l1Penalty({ weight, includes: () => true });
        expect(field.pass([everything]).penalty).toBeAllclose(
          total(
            numbers(() => true),
            Math.abs,
          ),
        );
        const nothing = l2Penalty({ weight, includes: () => false });
        expect(() => field.pass([nothing])).toThrow(/l2Penalty: none of the field's parameters .* field\./);
        field.dispose();
      }),
      { numRuns: 2 },
    );
  });
});
