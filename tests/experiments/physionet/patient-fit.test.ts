import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { NdArray } from "../../../src/compiler/nd-array.js";
import { Random } from "../../../src/compiler/random.js";
import { javascriptTarget } from "../../../src/compiler/targets/javascript/javascript-target.js";
import type { Target } from "../../../src/compiler/targets/target.js";
import { wasmTarget } from "../../../src/compiler/targets/wasm/wasm-target.js";
import type { PatientRecords } from "../../../src/data/physionet/patient-records.js";
import { PatientFit } from "../../../src/experiments/physionet/patient-fit.js";
import { patientModel } from "../../../src/experiments/physionet/patient-model.js";
import { reconstruct } from "../../../src/experiments/physionet/reconstruct.js";
import { recordBatch } from "../../../src/experiments/physionet/record-batch.js";
import { modelTimes } from "../../../src/experiments/physionet/train.js";
import { constant } from "../../../src/nn/schedules.js";
import { errorPenalty } from "../../../src/regularizers/error-penalty.js";
import { localErrorPenalty } from "../../../src/regularizers/local-error-penalty.js";
import type { Regularizer } from "../../../src/regularizers/regularizer.js";
import { steer } from "../../../src/regularizers/steer.js";
import { stiffnessPenalty } from "../../../src/regularizers/stiffness-penalty.js";
import type { Iteration } from "../../../src/training/task.js";
import { countingTarget } from "../../laws/counting-target.js";
import { derivativeAtZero } from "../../laws/directional-derivative.js";
import { innerProducts, movedAlong, randomDirection } from "../../laws/directions.js";
import { withValues } from "../../models/small-objective.js";
import { madeUpRecords, smallRecords } from "./made-up-records.js";

type Arrays = Readonly<Record<string, NdArray>>;

const sizes = { latent: 2, hidden: 3, recognition: 2, recognitionHidden: 3 };

/** A small latent ODE of records, all of which make its one batch. */
function smallFit(records: PatientRecords, target: Target, grid?: readonly number[]) {
  const model = patientModel(records.features.length, sizes, {
    times: modelTimes(records.times),
    target,
    precision: target.precision,
    rtol: 1e-4,
    atol: 1e-4,
    grid,
  });
  const batchSize = records.count;
  const fit = new PatientFit({
    model,
    train: records,
    validation: records,
    batchSize,
    reconstructionEpochs: 1,
  });
  const dispose = (): void => {
    fit.dispose();
    model.dispose();
  };
  return { model, fit, dispose };
}

/** An iteration in which the divergence counts. */
function iterationWith(regularizers: readonly Regularizer[], seed: number): Iteration {
  const random = new Random(seed);
  return {
    number: 9,
    epoch: 8,
    place: 0,
    epochRandom: random.split("epoch"),
    context: { differentiate: true, regularizers, progress: 0.5, random: random.split("iteration") },
  };
}

/** Loss and penalties, their gradients, and the ends of the accepted steps. */
function differentiated(fit: PatientFit, params: Arrays, iteration: Iteration) {
  return withValues(params, fit.target, (values) => {
    const step = fit.step(values, iteration);
    const pulled = step.gradients();
    const gradients = Object.fromEntries(
      Object.entries(pulled).map(([name, value]) => [name, fit.target.get(value)]),
    );
    for (const value of Object.values(pulled)) fit.target.free(value);
    step.release();
    return { total: step.loss + step.penalty, gradients };
  });
}

const weight = constant(1);

describe("the gradient of a latent ODE's objective", () => {
  it.each([
    ["without a penalty", []],
    ["with the error penalty", [errorPenalty({ weight: constant(30) })]],
    ["with the stiffness penalty", [stiffnessPenalty({ weight })]],
    [
      "with both and moved times",
      [errorPenalty({ weight }), stiffnessPenalty({ weight, reduction: "mean" }), steer({ width: 0.5 })],
    ],
  ] as const)("%s, is that of central differences at frozen steps", (_, regularizers) => {
    fc.assert(
      fc.property(smallRecords, fc.nat(), (records, seed) => {
        const iteration = iterationWith(regularizers, seed);
        const free = smallFit(records, javascriptTarget);
        const params = free.fit.initialise(new Random(seed));
        const inputs = recordBatch(
          records,
          records.ids.map((id) => id - 1),
        );
        const { steps } = reconstruct(free.model, params, inputs, iteration.context.random);
        free.dispose();
        const frozen = smallFit(
          records,
          javascriptTarget,
          steps.filter(({ accepted }) => accepted).map(({ t, h }) => t + h),
        );
        const { gradients } = differentiated(frozen.fit, params, iteration);
        const direction = randomDirection(gradients, seed + 1);
        const { value, uncertainty } = derivativeAtZero(
          (distance) => differentiated(frozen.fit, movedAlong(params, direction, distance), iteration).total,
        );
        frozen.dispose();
        const products = innerProducts(gradients, direction);
        const scale = Math.max(...products.map(Math.abs), Math.abs(value));
        fc.pre(uncertainty < 2e-7 * scale);
        const whole = products.reduce((sum, product) => sum + product, 0);
        expect(whole).toBeAllclose(value, { relative: 0, absolute: 1e-6 * scale });
      }),
      { numRuns: 2 },
    );
  });

  it.each(["float64", "float32"] as const)("on wasm in %s is what it is in the reference", (precision) => {
    const target = wasmTarget({ precision });
    const closeness = { float64: 1e-9, float32: 2e-3 }[precision];
    const grid = Array.from({ length: 6 }, (_, i) => (i + 1) / 6);
    fc.assert(
      fc.property(smallRecords, fc.nat(), (records, seed) => {
        // in single precision the estimates of such small errors are rounding
        const penalties = { float64: [errorPenalty({ weight }), stiffnessPenalty({ weight })], float32: [] };
        const fits = [javascriptTarget, target].map((each) => smallFit(records, each, grid));
        const params = fits[0].fit.initialise(new Random(seed));
        const [expected, actual] = fits.map(({ fit }) =>
          differentiated(fit, params, iterationWith(penalties[precision], seed)),
        );
        for (const fit of fits) fit.dispose();
        expect(actual.total).toBeAllclose(expected.total, { relative: closeness, absolute: closeness });
        for (const [name, gradient] of Object.entries(expected.gradients)) {
          const largest = Math.max(...gradient.data.map(Math.abs), 1);
          expect(actual.gradients[name]).toBeAllclose(gradient, {
            relative: 0,
            absolute: closeness * largest,
          });
        }
      }),
      { numRuns: 2 },
    );
  });
});

describe("a fit to records", () => {
  it("leaves nothing behind, whatever is penalised", async () => {
    const target = countingTarget();
    const records = madeUpRecords(5, 2, 1);
    const { fit, dispose } = smallFit(records, target);
    const params = fit.initialise(new Random(1));
    for (const regularizers of [[], [steer({ width: 0.5 }), localErrorPenalty({ weight, time: "biased" })]]) {
      differentiated(fit, params, iterationWith(regularizers, 1));
    }
    const values = Object.fromEntries(
      Object.entries(params).map(([name, array]) => [name, target.put(array)]),
    );
    await fit.evaluate(values, { random: new Random(2) });
    for (const value of Object.values(values)) target.free(value);
    dispose();
    expect([target.values, target.programs]).toEqual([0, 0]);
  });
});
