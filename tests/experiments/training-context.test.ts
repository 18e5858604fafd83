import { describe, expect, it } from "vitest";
import { isResultRow } from "../../src/experiments/result-row.js";
import { courseOf, trainingContext } from "../../src/experiments/training-context.js";
import { completeRow } from "./complete-row.js";

const trained = { params: {}, seconds: 1, iterations: 8, curve: [], incidents: [] };
const incident = {
  iteration: 7,
  reason: "the loss is NaN",
  action: "retry",
  continuedAfter: 4,
  learningRateFactor: 0.5,
} as const;

describe("a row", () => {
  it("says what happened to its training, and nothing where nothing did", () => {
    expect(courseOf(trained)).toEqual({ curve: [] });
    const course = courseOf({ ...trained, incidents: [incident] });
    expect(course).toEqual({ curve: [], incidents: [incident] });
    expect(isResultRow({ ...completeRow, ...course })).toBe(true);
  });
});

describe("a run's training", () => {
  it("is watched, stopped and kept as the run is, and its checkpoint knows the whole configuration", () => {
    const context = {
      signal: new AbortController().signal,
      onProgress: () => {},
      onIncident: () => {},
      onFailure: { action: "skip", atMost: 1 },
      resume: true,
    } as const;
    const configuration = { preset: "quick", weight: { from: 1, to: 0.1 } };
    expect(trainingContext({ ...context, threads: 2 }, configuration)).toEqual(context);
    const checkpoint = { path: "training.safetensors", everySeconds: 5 };
    expect(trainingContext({ ...context, checkpoint }, configuration)).toEqual({
      ...context,
      checkpoint: { ...checkpoint, configuration },
    });
  });
});
