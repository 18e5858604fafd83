import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { linspace, type NdArray } from "../../src/compiler/nd-array.js";
import { Random } from "../../src/compiler/random.js";
import { wasmTarget } from "../../src/compiler/targets/wasm/wasm-target.js";
import { evaluation } from "../../src/models/block.js";
import { fieldSignature } from "../../src/models/field-signature.js";
import { horizonOf } from "../../src/models/horizon.js";
import { inputsName, outputName } from "../../src/models/model.js";
import { odeBlock } from "../../src/models/ode-block.js";
import { trajectoryModel } from "../../src/models/trajectory-model.js";
import { constant } from "../../src/nn/schedules.js";
import { errorPenalty } from "../../src/regularizers/error-penalty.js";
import { jacobianPenalty } from "../../src/regularizers/jacobian-penalty.js";
import { kineticPenalty } from "../../src/regularizers/kinetic-penalty.js";
import { l2Penalty } from "../../src/regularizers/l2-penalty.js";
import { localErrorPenalty } from "../../src/regularizers/local-error-penalty.js";
import type { Regularizer } from "../../src/regularizers/regularizer.js";
import { steer } from "../../src/regularizers/steer.js";
import { stiffnessPenalty } from "../../src/regularizers/stiffness-penalty.js";
import { taylorPenalty } from "../../src/regularizers/taylor-penalty.js";
import { integralController } from "../../src/solvers/ode/controllers.js";
import { tsit5 } from "../../src/solvers/tableaux/tsit5.js";
import { countingTarget } from "../laws/counting-target.js";
import { derivativeAtZero } from "../laws/directional-derivative.js";
import { innerProducts, movedAlong, randomDirection } from "../laws/directions.js";
import { advanced } from "../regularizers/host-integrals.js";
import { PenalisedField } from "../regularizers/penalised-field.js";
import { fieldNames, smallFields } from "../regularizers/small-fields.js";
import { withValues } from "./small-objective.js";

const weight = constant(1);
const everything: readonly Regularizer[] = [
  errorPenalty({ weight }),
  stiffnessPenalty({ weight }),
  steer({ width: 0.3 }),
  kineticPenalty({ weight, steers: true }),
  taylorPenalty({ weight, order: 2 }),
  jacobianPenalty({ weight }),
  l2Penalty({ weight }),
  localErrorPenalty({ weight, time: "unbiased", firstStage: "differentiated" }),
  localErrorPenalty({ weight, time: "biased" }),
];

const anyField = fc.constantFrom(...fieldNames).chain(smallFields);
const saveAt = [0, 0.15, 0.15, 0.62, 1];

describe("an ODE block that saves states", () => {
  it("writes the solution at all times, stacked", () => {
    fc.assert(
      fc.property(anyField, (small) => {
        const field = new PenalisedField(small, { saveAt, tolerance: 1e-9 });
        const { saved } = field.pass([]).written;
        field.dispose();
        const { inputs } = small;
        expect(saved.shape).toEqual([saveAt.length, ...inputs.shape]);
        const expected = saveAt.flatMap((t) => [...advanced(small, 0, inputs, t, 60).data]);
        expect(saved.data).toBeAllclose(expected, { relative: 1e-5, absolute: 1e-6 });
      }),
      { numRuns: 4 },
    );
  });

  it("pulls back what is said of them, of the final state and of the penalties, all at once", () => {
    fc.assert(
      fc.property(anyField, fc.nat(), (small, seed) => {
        const field = new PenalisedField(small, { saveAt });
        const regularizers = [errorPenalty({ weight }), steer({ width: 0.5 }), kineticPenalty({ weight })];
        const random = new Random(seed);
        const { written, steps } = field.pass(regularizers, { random });
        const cotangents = randomDirection(written, seed + 1);
        const { gradients } = field.pass(regularizers, { random, cotangents });
        field.freeze(steps, 1);
        const direction = randomDirection(gradients, seed + 2);
        const { value, uncertainty } = derivativeAtZero((distance) => {
          const arrays = movedAlong(field.arrays, direction, distance);
          const pass = field.pass(regularizers, { random, arrays });
          return innerProducts(cotangents, pass.written).reduce((sum, each) => sum + each, pass.penalty);
        });
        field.dispose();
        const products = innerProducts(gradients, direction);
        const scale = Math.max(...products.map(Math.abs));
        fc.pre(uncertainty < 2e-7 * scale);
        const whole = products.reduce((sum, product) => sum + product, 0);
        expect(whole).toBeAllclose(value, { relative: 0, absolute: 1e-6 * scale });
      }),
      { numRuns: 3 },
    );
  });

  it("is refused without a name for them, the name without times, and fields that are not for it", () => {
    const [{ layer, inputs }] = fc.sample(anyField, { numRuns: 1, seed: 1 });
    const field = fieldSignature(layer, inputs.shape);
    const target = countingTarget();
    const names = { state: "inputs", params: [], result: "final" };
    const solver = {
      field,
      method: tsit5,
      rtol: 1e-3,
      atol: 1e-3,
      controller: integralController,
      maxSteps: 9,
    };
    const options = { ...solver, span: [0, 1] as const, names };
    expect(() => odeBlock({ ...options, saveAt }, target)).toThrow("saveAt was given without names.saved");
    expect(() => odeBlock({ ...options, names: { ...names, saved: "saved" } }, target)).toThrow(
      "names.saved was given without saveAt",
    );
    const twoLeaves = { ...field, state: { paths: ["a", "b"] }, stateShapes: [[1], [2]] };
    expect(() => odeBlock({ ...options, field: twoLeaves }, target)).toThrow(
      "must be a single array, it has 2 (a, b)",
    );
    expect(() => odeBlock({ ...options, field: { ...field, tolerances: {} } }, target)).toThrow(
      "a block takes one rtol and one atol",
    );
  });
});

describe("a penalised ODE block", () => {
  it("leaves nothing behind, with every regularizer at once", () => {
    fc.assert(
      fc.property(anyField, (small) => {
        const target = countingTarget();
        const field = new PenalisedField(small, { target, saveAt });
        for (const regularizers of [everything, [], everything.slice(3, 5)]) {
          field.pass(regularizers);
          field.penalty(regularizers, field.arrays);
        }
        field.dispose();
        expect([target.values, target.programs]).toEqual([0, 0]);
      }),
      { numRuns: 2 },
    );
  });

  it("leaves nothing behind when one of many regularizers throws", () => {
    const target = countingTarget();
    const [small] = fc.sample(anyField, { numRuns: 1, seed: 1 });
    const field = new PenalisedField(small, { target });
    const broken: Record<string, Regularizer> = {
      steps: { name: "broken", weight, steps: thrower },
      integrand: { name: "broken", weight, integrand: thrower },
      parameters: { name: "broken", weight, parameters: thrower },
      local: { name: "broken", weight, localStepAt: thrower },
      horizon: { name: "broken", horizon: thrower },
    };
    for (const regularizer of Object.values(broken)) {
      expect(() => field.pass([...everything, regularizer])).toThrow("it is broken");
    }
    field.dispose();
    expect([target.values, target.programs]).toEqual([0, 0]);
  });

  it("takes the steps of the plain problem, whatever is integrated beside it without steering", () => {
    fc.assert(
      fc.property(anyField, (small) => {
        const field = new PenalisedField(small);
        const plain = field.pass([]);
        const beside = field.pass([kineticPenalty({ weight }), taylorPenalty({ weight, order: 3 })]);
        field.dispose();
        const numbers = ({ steps }: typeof plain) => steps.flatMap(({ t, h, error }) => [t, h, error]);
        expect(beside.steps.length).toBe(plain.steps.length);
        expect(numbers(beside)).toBeAllclose(numbers(plain), { relative: 1e-6, absolute: 1e-9 });
        expect(beside.written.final).toBeAllclose(plain.written.final);
      }),
      { numRuns: 3 },
    );
  });

  it.each(["float64", "float32"] as const)(
    "on wasm in %s computes what it does in the reference",
    (precision) => {
      const target = wasmTarget({ precision });
      const closeness = { float64: 1e-9, float32: 2e-3 }[precision];
      fc.assert(
        fc.property(anyField, fc.constantFrom(...everything), fc.nat(), (small, regularizer, seed) => {
          const [reference, field] = [{}, { target }].map(
            (on) => new PenalisedField(small, { ...on, tolerance: 1e-3 }),
          );
          const regularizers = [regularizer];
          const random = new Random(seed);
          const { steps } = reference.pass(regularizers, { random });
          const end = horizonOf({ ...evaluation, regularizers, random }, { span: [0, 1] }).span[1];
          for (const each of [reference, field]) each.freeze(steps, end);
          const cotangents = { final: small.inputs };
          const [expected, actual] = [reference, field].map((each) =>
            each.pass(regularizers, { random, cotangents }),
          );
          for (const each of [reference, field]) each.dispose();
          expect(actual.penalty).toBeAllclose(expected.penalty, { relative: closeness, absolute: closeness });
          for (const [name, gradient] of Object.entries(expected.gradients)) {
            const largest = Math.max(...gradient.data.map(Math.abs), 1);
            expect(actual.gradients[name]).toBeAllclose(gradient, {
              relative: 0,
              absolute: closeness * largest,
            });
          }
        }),
        { numRuns: 8 },
      );
    },
  );

  it("draws anew in every context, and the same in the same", () => {
    const [small] = fc.sample(smallFields(fieldNames[2]), { numRuns: 1, seed: 1 });
    const field = new PenalisedField(small);
    for (const regularizer of [
      jacobianPenalty({ weight }),
      localErrorPenalty({ weight, time: "unbiased" }),
    ]) {
      const penaltyOf = (seed: number) => field.pass([regularizer], { random: new Random(seed) }).penalty;
      expect(penaltyOf(1)).toBe(penaltyOf(1));
      expect(penaltyOf(1)).not.toBe(penaltyOf(2));
    }
    field.dispose();
  });

  it("names an integrand that is not one number for each row", () => {
    const [small] = fc.sample(smallFields(fieldNames[0]), { numRuns: 1, seed: 1 });
    const field = new PenalisedField(small);
    const whole: Regularizer = { name: "whole", weight, integrand: ({ y }) => y };
    expect(() => field.pass([whole])).toThrow(
      `the integrand "whole" must give one number for each row, shape [${small.inputs.shape[0]}], got [${small.inputs.shape}]`,
    );
    const blind: Regularizer = { name: "blind", weight, integrand: ({ probe }) => probe };
    expect(() => field.pass([blind])).toThrow(
      'the integrand "blind" reads a probe without saying how it is drawn',
    );
    field.dispose();
  });
});

function thrower(): never {
  throw new Error("it is broken");
}

describe("a model of trajectories", () => {
  it("writes its solution at the times that it was made for, from the first to the last of them", () => {
    fc.assert(
      fc.property(anyField, (small) => {
        const times = linspace(0.3, 1.4, 5);
        const { layer, inputs, params } = small;
        const [batch, features] = inputs.shape;
        const model = trajectoryModel({ field: layer, features, saveAt: times, target: "javascript" });
        const arrays: Record<string, NdArray> = { [inputsName]: inputs };
        for (const [name, array] of Object.entries(params)) arrays[`field.${name}`] = array;
        withValues(arrays, model.target, (read) => {
          const [block] = model.blocks(batch);
          const run = block.forward(read, evaluation);
          const output = model.target.get(run.written[outputName]);
          expect(output.shape).toEqual(model.outputShape(batch));
          const expected = times.flatMap((t) => [...advanced(small, 0.3, inputs, t - 0.3, 60).data]);
          expect(output.data).toBeAllclose(expected, { relative: 1e-5, absolute: 1e-6 });
          run.release();
        });
        model.dispose();
      }),
      { numRuns: 3 },
    );
  });
});
