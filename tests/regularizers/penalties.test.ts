import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { constant } from "../../src/nn/schedules.js";
import { type ErrorForm, errorPenalty } from "../../src/regularizers/error-penalty.js";
import type { Reduction } from "../../src/regularizers/reductions.js";
import type { StepRegularizer } from "../../src/regularizers/regularizer.js";
import { type StiffnessForm, stiffnessPenalty } from "../../src/regularizers/stiffness-penalty.js";
import type { StepRecord } from "../../src/solvers/ode/step-records.js";
import { acceptedSteps } from "./step-records.js";

const reductions: readonly Reduction[] = ["sum", "mean", "max"];
const weight = constant(1);

/** Facts of a method that no tableau has, so that they can only come from where they are given. */
const method = { name: "some method", stabilitySize: 2.75 };

const errorTerms: Record<ErrorForm, (step: StepRecord) => number> = {
  "E h": ({ error, h }) => error * Math.abs(h),
  E: ({ error }) => error,
  "E^2": ({ error }) => error * error,
};

const stiffnessTerms: Record<StiffnessForm, (step: StepRecord) => number> = {
  S: ({ stiffness }) => stiffness / 2.75,
  "S h": ({ stiffness, h }) => (stiffness * Math.abs(h)) / 2.75,
};

const formsOf = <Form extends string>(terms: Record<Form, unknown>) => Object.keys(terms) as Form[];

const penalties = reductions.flatMap((reduction) => [
  ...formsOf(errorTerms).map((form) => ({
    name: `${form}, ${reduction}`,
    reduction,
    penalty: errorPenalty({ weight, form, reduction }),
    term: errorTerms[form],
  })),
  ...formsOf(stiffnessTerms).map((form) => ({
    name: `${form}, ${reduction}`,
    reduction,
    penalty: stiffnessPenalty({ weight, form, reduction }),
    term: stiffnessTerms[form],
  })),
]);

/** The paper's code records one zero before the first step, hence n + 1. */
const directly: Record<Reduction, (terms: readonly number[]) => number> = {
  sum: (terms) => terms.reduce((sum, term) => sum + term, 0),
  mean: (terms) => terms.reduce((sum, term) => sum + term, 0) / (terms.length + 1),
  max: (terms) => Math.max(0, ...terms),
};

/** Central differences of a penalty's value by E or S of one step. Of a value piecewise of degree two they are exact. */
function difference(
  penalty: StepRegularizer,
  steps: readonly StepRecord[],
  at: number,
  field: "error" | "stiffness",
) {
  const h = 1e-6;
  const moved = (by: number): number =>
    penalty.steps(
      steps.map((step, i) => (i === at ? { ...step, [field]: step[field] + by } : step)),
      method,
    ).value;
  return (moved(h) - moved(-h)) / (2 * h);
}

describe.each(penalties)("the penalty on $name", ({ penalty, reduction, term }) => {
  it("is the reduction of its terms", () => {
    fc.assert(
      fc.property(acceptedSteps(), (steps) => {
        expect(penalty.steps(steps, method).value).toBeAllclose(directly[reduction](steps.map(term)));
      }),
    );
  });

  it("has the derivatives of its value, one for each step", () => {
    fc.assert(
      fc.property(acceptedSteps({ minLength: 1 }), (steps) => {
        const terms = steps.map(term).sort((a, b) => b - a);
        fc.pre(reduction !== "max" || terms.length < 2 || terms[0] - terms[1] > 1e-4);
        const { dError, dStiffness } = penalty.steps(steps, method);
        const expected = (field: "error" | "stiffness") =>
          steps.map((_, i) => difference(penalty, steps, i, field));
        expect(dError).toBeAllclose(expected("error"), { absolute: 1e-8 });
        expect(dStiffness).toBeAllclose(expected("stiffness"), { absolute: 1e-8 });
      }),
    );
  });
});

describe("a maximum", () => {
  it("gives its whole derivative to one step, also among equals", () => {
    fc.assert(
      fc.property(acceptedSteps({ minLength: 1 }), fc.nat(3), (steps, copies) => {
        const repeated = Array.from({ length: copies + 1 }, () => steps).flat();
        const { dStiffness } = stiffnessPenalty({ weight }).steps(repeated, method);
        expect(dStiffness.filter((derivative) => derivative !== 0)).toEqual(Float64Array.of(1 / 2.75));
      }),
    );
  });
});

describe.each(reductions)(
  "the stiffness penalty (%s) of a method without a stiffness estimate",
  (reduction) => {
    it("is zero, and pulls on nothing", () => {
      fc.assert(
        fc.property(acceptedSteps(), (steps) => {
          const unknown = steps.map((step) => ({ ...step, stiffness: Number.NaN }));
          const { value, dError, dStiffness } = stiffnessPenalty({ weight, reduction }).steps(
            unknown,
            method,
          );
          expect(value).toBe(0);
          expect([...dError, ...dStiffness].every((derivative) => derivative === 0)).toBe(true);
        }),
      );
    });
  },
);

describe("the defaults", () => {
  it("are those of the paper's code: the mean of E h, the maximum of S", () => {
    fc.assert(
      fc.property(acceptedSteps(), (steps) => {
        expect(errorPenalty({ weight }).steps(steps, method)).toEqual(
          errorPenalty({ weight, form: "E h", reduction: "mean" }).steps(steps, method),
        );
        expect(stiffnessPenalty({ weight }).steps(steps, method)).toEqual(
          stiffnessPenalty({ weight, form: "S", reduction: "max" }).steps(steps, method),
        );
      }),
    );
  });
});

describe("the stiffness penalty of a method that estimates S and does not say how large its stability region is", () => {
  it("is refused by the method's name", () => {
    fc.assert(
      fc.property(acceptedSteps({ minLength: 1 }), (steps) => {
        const nameless = { name: "my method" };
        expect(() => stiffnessPenalty({ weight }).steps(steps, nameless)).toThrow(
          "the method my method needs",
        );
      }),
    );
  });
});
