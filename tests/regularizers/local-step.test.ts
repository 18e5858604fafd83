import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type NdArray, ndArray } from "../../src/compiler/nd-array.js";
import { Random } from "../../src/compiler/random.js";
import { fieldSignature } from "../../src/models/field-signature.js";
import { constant } from "../../src/nn/schedules.js";
import { kineticPenalty } from "../../src/regularizers/kinetic-penalty.js";
import { type LocalTime, localErrorPenalty } from "../../src/regularizers/local-error-penalty.js";
import type { FirstStage } from "../../src/regularizers/regularizer.js";
import type { OdeProblem } from "../../src/solvers/ode/ode-problem.js";
import { solve } from "../../src/solvers/ode/solve.js";
import { bosh3 } from "../../src/solvers/tableaux/bosh3.js";
import { tsit5 } from "../../src/solvers/tableaux/tsit5.js";
import { derivativeAtZero, type Estimate } from "../laws/directional-derivative.js";
import { innerProducts, movedAlong, randomDirection } from "../laws/directions.js";
import type { Arrays } from "./penalised-block.js";
import { PenalisedField } from "./penalised-field.js";
import { fieldNames, type Params, type SmallField, smallFields } from "./small-fields.js";

const weight = constant(3);
const span = [0.1, 1.2] as const;
const tolerance = 1e-2;

/** A field as a problem of its own. */
function problemFrom(
  { layer, params, inputs }: SmallField,
  [start, end]: readonly [number, number],
  y0: NdArray = inputs,
): OdeProblem {
  const signature = fieldSignature(layer, inputs.shape);
  return {
    field: signature.field,
    y0: { structure: signature.state, arrays: [y0] },
    params: { structure: signature.params, arrays: signature.params.paths.map((path) => params[path]) },
    span: [start, end],
  };
}

const options = { rtol: tolerance, atol: tolerance, target: "javascript" } as const;

/** Where the local step is, by the solver itself: a solve from there to the end starts with it. */
function localStep(small: SmallField, t: number, method = tsit5) {
  const state = solve(problemFrom(small, span), { ...options, method, dense: true }).at(t) as NdArray;
  const [first] = solve(problemFrom(small, [t, span[1]], state), options).steps;
  return { state, h: first.h, error: first.error };
}

/** A penalty at a time that is told. */
function penaltyAt(t: number, firstStage?: FirstStage) {
  return localErrorPenalty({ weight, time: () => t, firstStage });
}

const timeInSpan = fc.double({ min: span[0], max: span[1] - 0.01, noNaN: true });

/** The error estimate of a step of Tsit5 over its scale, element by element, written out from the tableau. */
function scaledErrors(
  { slope }: SmallField,
  { t, state, h }: { readonly t: number; readonly state: NdArray; readonly h: number },
  params: Params,
  firstStage: NdArray,
): number[] {
  const slopes = [firstStage];
  const combined = (base: ArrayLike<number>, weights: readonly number[]): NdArray => {
    const increment = (i: number): number =>
      weights.reduce((sum, a, j) => sum + h * a * slopes[j].data[i], 0);
    return ndArray(
      state.shape,
      Float64Array.from(base, (value, i) => value + increment(i)),
    );
  };
  for (let i = 1; i < tsit5.stages; i++) {
    slopes.push(slope(t + tsit5.c[i] * h, combined(state.data, tsit5.a[i]), params));
  }
  const next = combined(state.data, tsit5.b);
  const error = combined(new Float64Array(state.data.length), tsit5.errorWeights ?? []);
  return Array.from(error.data, (value, i) => {
    const size = Math.max(Math.abs(state.data[i]), Math.abs(next.data[i]));
    return value / (tolerance * (1 + size));
  });
}

/** Along a direction of the parameters, the derivative of h E, where E is the root mean square of errors that are smooth. */
function derivativeOfStep(errorsAt: (distance: number) => readonly number[], h: number) {
  const errors = errorsAt(0);
  const norm = Math.sqrt(errors.reduce((sum, error) => sum + error * error, 0) / errors.length);
  const estimates = errors.map((_, i) => derivativeAtZero((distance) => errorsAt(distance)[i]));
  const chain = (of: (estimate: Estimate) => number): number[] =>
    estimates.map((estimate, i) => (h * errors[i] * of(estimate)) / (errors.length * norm));
  return {
    value: chain(({ value }) => value).reduce((sum, each) => sum + each, 0),
    uncertainty: Math.max(...chain(({ uncertainty }) => uncertainty).map(Math.abs)),
  };
}

describe.each(fieldNames)("the local error penalty for %s", (name) => {
  it("is h E of the first step of a solve from the state at that time, whatever the method of the solve", () => {
    fc.assert(
      fc.property(smallFields(name), timeInSpan, fc.constantFrom(tsit5, bosh3), (small, t, method) => {
        const field = new PenalisedField(small, { span, tolerance, method });
        const { penalty } = field.pass([penaltyAt(t)]);
        const besideIntegral = field.pass([kineticPenalty({ weight: constant(0) }), penaltyAt(t)]).penalty;
        field.dispose();
        const { h, error } = localStep(small, t, method);
        expect(penalty).toBeAllclose(3 * h * error, { relative: 1e-6 });
        expect(besideIntegral).toBeAllclose(penalty, { relative: 1e-9 });
      }),
      { numRuns: 2 },
    );
  });

  it.each(["constant", "differentiated"] as const)(
    "is differentiated with its state and size held, its first stage %s",
    (firstStage) => {
      fc.assert(
        fc.property(smallFields(name), timeInSpan, fc.nat(), (small, t, seed) => {
          const field = new PenalisedField(small, { span, tolerance });
          const { gradients } = field.pass([penaltyAt(t, firstStage)]);
          field.dispose();
          const { inputs, ...rest } = gradients;
          expect(inputs.data.every((derivative) => derivative === 0)).toBe(true);
          const ofParams = withoutPrefix(rest);
          const direction = randomDirection(ofParams, seed);
          const place = { t, ...localStep(small, t) };
          const held = small.slope(t, place.state);
          const { value, uncertainty } = derivativeOfStep((distance) => {
            const params = movedAlong(small.params, direction, distance);
            const first = firstStage === "constant" ? held : small.slope(t, place.state, params);
            return scaledErrors(small, place, params, first);
          }, place.h);
          const products = innerProducts(ofParams, direction);
          const scale = Math.max(...products.map(Math.abs), 1e-12);
          // where |u| = |u'|, the scale has a kink
          fc.pre(3 * uncertainty < 1e-5 * scale);
          const whole = products.reduce((sum, product) => sum + product, 0);
          expect(whole).toBeAllclose(3 * value, { relative: 0, absolute: 2e-5 * scale });
        }),
        { numRuns: 3, maxSkipsPerRun: 5 },
      );
    },
  );
});

describe("the first stage of the local step, held constant,", () => {
  it("leaves a gradient far longer than that of the step's error: the weights of the other stages do not sum to zero", () => {
    fc.assert(
      fc.property(smallFields(fieldNames[2]), timeInSpan, (small, t) => {
        const field = new PenalisedField(small, { span, tolerance: 1e-8 });
        const [constant, differentiated] = (["constant", "differentiated"] as const).map((firstStage) => {
          const { inputs, ...gradients } = field.pass([penaltyAt(t, firstStage)]).gradients;
          return Math.hypot(...Object.values(gradients).flatMap(({ data }) => [...data]));
        });
        field.dispose();
        expect(constant).toBeGreaterThan(1e3 * differentiated);
      }),
      { numRuns: 3 },
    );
  });
});

function withoutPrefix(arrays: Arrays): Params {
  return Object.fromEntries(
    Object.entries(arrays).map(([name, array]) => [name.slice("field.".length), array]),
  );
}

describe("the time of the local step", () => {
  const steps = [0, 0.1, 0.4, 0.7].map((t) => {
    const facts = { error: 0.1, errorFloor: 0, stiffness: 1, accepted: true, method: "tsit5" };
    return { t, h: 0.1, ...facts };
  });
  const drawn = (time: LocalTime, of: typeof steps): number[] => {
    const { localStepAt } = localErrorPenalty({ weight, time });
    const random = new Random(1);
    return Array.from({ length: 3000 }, () => localStepAt({ span: [0, 1], steps: of }, random));
  };

  it("biased, is each time between steps equally often, never start or end", () => {
    const counts = new Map<number, number>();
    for (const t of drawn("biased", steps)) counts.set(t, (counts.get(t) ?? 0) + 1);
    expect([...counts.keys()].sort()).toEqual([0.1, 0.4, 0.7]);
    // 5 standard deviations of a count of 3000 draws of probability 1/3
    for (const count of counts.values())
      expect(Math.abs(count - 1000)).toBeLessThan(5 * Math.sqrt((3000 * 2) / 9));
  });

  it("biased, of a single step, is the start", () => {
    expect(new Set(drawn("biased", steps.slice(0, 1)))).toEqual(new Set([0]));
  });

  it("unbiased, is uniform in the span", () => {
    const sorted = drawn("unbiased", steps).sort((a, b) => a - b);
    const distance = Math.max(...sorted.map((t, i) => Math.abs(t - i / sorted.length)));
    // Kolmogorov and Smirnov's statistic exceeds 2.2 / sqrt(n) with probability 1e-4
    expect(distance).toBeLessThan(2.2 / Math.sqrt(sorted.length));
  });

  it("before the start of the solve is refused", () => {
    const [small] = fc.sample(smallFields(fieldNames[0]), { numRuns: 1, seed: 1 });
    const field = new PenalisedField(small, { span });
    expect(() => field.pass([penaltyAt(0)])).toThrow("a local step was asked for at 0, before");
    field.dispose();
  });
});
