import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import type { NdArray } from "../../src/compiler/nd-array.js";
import { attemptsOnPath } from "../../src/report/attempts-on-path.js";
import { sdeProblem } from "../../src/solvers/sde/sde-problem.js";
import { solveSde } from "../../src/solvers/sde/solve-sde.js";
import { expectSoundChart, runChart } from "./chart-laws.js";

const problem = sdeProblem({
  drift: (_, y) => tf.mul(4, tf.sub(y, tf.pow(y, 3))),
  diffusion: (_, y) => y,
  y0: [0.5],
  span: [0, 1],
});
const { steps, path } = solveSde(problem, {
  rtol: 0.5,
  atol: 0.5,
  firstStep: 0.7,
  seed: 1,
  target: "javascript",
});
const known = { t: path.times, w: (path.values() as NdArray).data };

test("the chart is sound, and its words count the attempts", async () => {
  const spec = attemptsOnPath(known, steps, "Attempts");
  await expectSoundChart(spec);
  const rejected = steps.filter(({ accepted }) => !accepted).length;
  expect(rejected).toBeGreaterThan(0);
  expect(spec.description).toContain(`${steps.length - rejected} steps accepted, ${rejected} rejected`);
});

test("every attempt starts and ends at points of the path", async () => {
  const points = new Set(Array.from(known.t, (t, i) => `${t} ${known.w[i]}`));
  const spec = attemptsOnPath(known, steps, "Attempts");
  const { values } = spec.data as unknown as { values: Record<"t" | "w" | "end" | "wEnd", number>[] };
  expect(values).toHaveLength(steps.length);
  for (const { t, w, end, wEnd } of values) {
    expect(points).toContain(`${t} ${w}`);
    expect(points).toContain(`${end} ${wEnd}`);
  }
  await runChart(spec);
});

test("a path that does not know where a step starts is refused", () => {
  expect(() => attemptsOnPath({ t: [0, 1], w: [0, 1] }, steps, "Attempts")).toThrow(
    "attemptsOnPath: the path is not known at",
  );
});
