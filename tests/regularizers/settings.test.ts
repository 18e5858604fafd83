import { describe, expect, it } from "vitest";
import { constant } from "../../src/nn/schedules.js";
import { errorPenalty } from "../../src/regularizers/error-penalty.js";
import { jacobianPenalty } from "../../src/regularizers/jacobian-penalty.js";
import { kineticPenalty } from "../../src/regularizers/kinetic-penalty.js";
import { localErrorPenalty } from "../../src/regularizers/local-error-penalty.js";
import type { Regularizer } from "../../src/regularizers/regularizer.js";
import { steer } from "../../src/regularizers/steer.js";
import { stiffnessPenalty } from "../../src/regularizers/stiffness-penalty.js";
import { taylorPenalty } from "../../src/regularizers/taylor-penalty.js";

const weight = constant(1);

/** Each regularizer as it is unless told otherwise, the same with that said, and others that differ in one option each. */
const families: Record<string, { usual: Regularizer; same: Regularizer; others: Regularizer[] }> = {
  error: {
    usual: errorPenalty({ weight }),
    same: errorPenalty({ weight, form: "E h", reduction: "mean" }),
    others: [errorPenalty({ weight, form: "E^2" }), errorPenalty({ weight, reduction: "sum" })],
  },
  stiffness: {
    usual: stiffnessPenalty({ weight }),
    same: stiffnessPenalty({ weight, form: "S", reduction: "max" }),
    others: [stiffnessPenalty({ weight, form: "S h" }), stiffnessPenalty({ weight, reduction: "mean" })],
  },
  kinetic: {
    usual: kineticPenalty({ weight }),
    same: kineticPenalty({ weight, steers: false }),
    others: [kineticPenalty({ weight, steers: true })],
  },
  jacobian: {
    usual: jacobianPenalty({ weight }),
    same: jacobianPenalty({ weight, noise: "normal", steers: false }),
    others: [jacobianPenalty({ weight, noise: "rademacher" }), jacobianPenalty({ weight, steers: true })],
  },
  taylor: {
    usual: taylorPenalty({ weight, order: 3 }),
    same: taylorPenalty({ weight, order: 3, steers: false }),
    others: [taylorPenalty({ weight, order: 2 }), taylorPenalty({ weight, order: 3, steers: true })],
  },
  local: {
    usual: localErrorPenalty({ weight, time: "biased" }),
    same: localErrorPenalty({ weight, time: "biased", firstStage: "constant" }),
    others: [
      localErrorPenalty({ weight, time: "unbiased" }),
      localErrorPenalty({ weight, time: "biased", firstStage: "differentiated" }),
    ],
  },
  steer: { usual: steer({ width: 0.5 }), same: steer({ width: 0.5 }), others: [steer({ width: 0.4 })] },
};

/** What two trainings compare. */
const told = ({ name, settings }: Regularizer) => ({ name, settings });

describe("a regularizer's name and settings", () => {
  it.each(Object.entries(families))(
    "of %s tell every option but the weight",
    (_, { usual, same, others }) => {
      expect(told(same)).toEqual(told(usual));
      for (const other of others) expect(told(other)).not.toEqual(told(usual));
    },
  );
});
