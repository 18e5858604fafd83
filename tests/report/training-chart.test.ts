import { expect, test } from "vitest";
import { type TrainingRun, trainingChart } from "../../src/report/training-chart.js";
import { expectSoundChart, runChart } from "./chart-laws.js";

/** Loss at every iteration, accuracy and evaluations at every tenth: as training reports them. */
function run(method: string, iterations: number): TrainingRun {
  const curve = Array.from({ length: iterations }, (_, iteration) => ({
    iteration,
    loss: 0.2 + 2 / (1 + iteration),
    ...(iteration % 10 === 0 && {
      accuracy: 0.9 - 0.8 / (1 + iteration),
      nfe: 39 + 6 * Math.floor(iteration / 40),
    }),
  }));
  return { method, seed: 1, curve };
}

test("the specification is the one that was looked at", () => {
  expect(trainingChart([run("vanilla", 5), run("ernode", 3)])).toMatchSnapshot();
});

test("the chart is sound at every stage of training", async () => {
  await expectSoundChart(trainingChart([run("vanilla", 190), run("ernode", 190)]));
  await expectSoundChart(trainingChart([run("vanilla", 1)]));
  await runChart(trainingChart([]));
  await runChart(trainingChart([run("vanilla", 0)]));
});

test("moments that were not measured, or not finite, are left out", () => {
  const curve = [{ iteration: 0, loss: Number.NaN }, { iteration: 1, loss: 2 }, { iteration: 2 }];
  const values = trainingChart([{ method: "vanilla", curve }]);
  expect(JSON.stringify(values)).toContain(
    '"values":[{"method":"vanilla","seed":0,"iteration":1,"value":2}]',
  );
});

test("a long training does not make a large notebook", () => {
  const short = JSON.stringify(trainingChart([run("vanilla", 200)])).length;
  const long = JSON.stringify(trainingChart([run("vanilla", 20_000)])).length;
  expect(long).toBeLessThan(3 * short);
});

test("the words tell how far each run is", () => {
  expect(trainingChart([run("vanilla", 42), run("ernode", 0)]).description).toContain(
    "vanilla: iteration 41, loss 0.2476, accuracy 88.05 %, NFE 45; ernode: not started",
  );
});
