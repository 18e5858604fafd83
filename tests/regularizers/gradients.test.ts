import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Random } from "../../src/compiler/random.js";
import { evaluation } from "../../src/models/block.js";
import { horizonOf } from "../../src/models/horizon.js";
import { annealed, constant } from "../../src/nn/schedules.js";
import { errorPenalty } from "../../src/regularizers/error-penalty.js";
import { jacobianPenalty } from "../../src/regularizers/jacobian-penalty.js";
import { kineticPenalty } from "../../src/regularizers/kinetic-penalty.js";
import { l1Penalty } from "../../src/regularizers/l1-penalty.js";
import { l2Penalty } from "../../src/regularizers/l2-penalty.js";
import type { Regularizer } from "../../src/regularizers/regularizer.js";
import { steer } from "../../src/regularizers/steer.js";
import { stiffnessPenalty } from "../../src/regularizers/stiffness-penalty.js";
import { taylorPenalty } from "../../src/regularizers/taylor-penalty.js";
import type { SolverMethod } from "../../src/solvers/ode/auto-switch.js";
import { rosenbrock23 } from "../../src/solvers/ode/rosenbrock23.js";
import { tsit5 } from "../../src/solvers/tableaux/tsit5.js";
import { derivativeAtZero } from "../laws/directional-derivative.js";
import { innerProducts, movedAlong, randomDirection } from "../laws/directions.js";
import { PenalisedField } from "./penalised-field.js";
import { fieldNames, type SmallField, smallFields } from "./small-fields.js";

const weight = constant(1.5);
const span = [0.2, 1.1] as const;

const penalties: Record<string, readonly Regularizer[]> = {
  "E h": [errorPenalty({ weight: annealed(30, 3) })],
  "E^2, sum": [errorPenalty({ weight, form: "E^2", reduction: "sum" })],
  S: [stiffnessPenalty({ weight })],
  "S h, mean": [stiffnessPenalty({ weight, form: "S h", reduction: "mean" })],
  "kinetic energy": [kineticPenalty({ weight })],
  "kinetic energy that steers": [kineticPenalty({ weight, steers: true })],
  "Jacobian norm": [jacobianPenalty({ weight })],
  "second derivative": [taylorPenalty({ weight, order: 2 })],
  "third derivative": [taylorPenalty({ weight, order: 3 })],
  "fourth derivative": [taylorPenalty({ weight, order: 4 })],
  L1: [l1Penalty({ weight })],
  L2: [l2Penalty({ weight })],
  "all at once, with a moved end": [
    errorPenalty({ weight: constant(100) }),
    steer({ width: 0.5 }),
    jacobianPenalty({ weight }),
    l2Penalty({ weight }),
    kineticPenalty({ weight, steers: true }),
    stiffnessPenalty({ weight }),
  ],
};

/** The law: the gradient of a field's penalties is that of central differences along a direction, at frozen steps. */
function expectGradientOfDifferences(
  small: SmallField,
  regularizers: readonly Regularizer[],
  seed: number,
  method: SolverMethod = tsit5,
): void {
  const field = new PenalisedField(small, { span, method });
  const random = new Random(seed);
  const { penalty, gradients, steps } = field.pass(regularizers, { random });
  field.freeze(steps, horizonOf({ ...evaluation, regularizers, random }, { span }).span[1]);
  const direction = randomDirection(gradients, seed);
  const { value, uncertainty } = derivativeAtZero((distance) =>
    field.penalty(regularizers, movedAlong(field.arrays, direction, distance), random),
  );
  field.dispose();
  const products = innerProducts(gradients, direction);
  const scale = Math.max(...products.map(Math.abs), Math.abs(value), 1e-6);
  // where |y| = |y1|, a weight is zero or two terms of a maximum are about equal, the penalty has a kink
  fc.pre(uncertainty < 2e-7 * scale);
  const whole = products.reduce((sum, product) => sum + product, 0);
  expect(whole).toBeAllclose(value, { relative: 0, absolute: 1e-6 * scale });
  expect(penalty).toBeGreaterThan(0);
}

const runs = { numRuns: 2, maxSkipsPerRun: 5 };

describe.each(fieldNames)("for %s, the gradient of the penalty on", (name) => {
  it.each(Object.entries(penalties))(
    "%s is that of central differences at frozen steps",
    (_, regularizers) => {
      fc.assert(
        fc.property(smallFields(name), fc.nat(), (small, seed) =>
          expectGradientOfDifferences(small, regularizers, seed),
        ),
        runs,
      );
    },
  );

  it("integrals and steps is that of central differences in a solve by a stiff method, too", () => {
    const regularizers = [
      taylorPenalty({ weight, order: 2 }),
      jacobianPenalty({ weight }),
      errorPenalty({ weight }),
    ];
    fc.assert(
      fc.property(smallFields(name), fc.nat(), (small, seed) =>
        expectGradientOfDifferences(small, regularizers, seed, rosenbrock23),
      ),
      runs,
    );
  });
});
