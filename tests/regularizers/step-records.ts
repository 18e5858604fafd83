import fc from "fast-check";
import type { StepRecord } from "../../src/solvers/ode/step-records.js";

const positive = fc.double({ min: 1e-3, max: 1, noNaN: true });

/** Accepted steps, forwards or backwards in time. */
export const acceptedSteps = (options: { minLength?: number } = {}): fc.Arbitrary<StepRecord[]> =>
  fc.array(
    fc.record({
      t: fc.constant(0),
      h: fc.tuple(positive, fc.constantFrom(1, -1)).map(([size, direction]) => size * direction),
      error: positive,
      errorFloor: fc.constant(0),
      stiffness: fc.double({ min: 1e-3, max: 30, noNaN: true }),
      accepted: fc.constant(true),
      method: fc.constant("tsit5"),
    }),
    { maxLength: 6, ...options },
  );
