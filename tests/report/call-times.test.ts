import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { trace } from "../../src/compiler/trace/trace.js";
import { callTimeChart } from "../../src/report/call-time-chart.js";
import { type CallTime, callTimes } from "../../src/report/call-times.js";
import { expectSoundChart, runChart, tooltipsOf } from "./chart-laws.js";

tf.setBackend("cpu");

const graph = (size: number) =>
  trace({ inputs: { y: [size, 2] }, scalars: ["t"] }, ({ y, t }) => ({ outputs: { slope: tf.mul(y, t) } }));
const targets = [
  { target: "javascript", precision: "float64" },
  { target: "onnx", precision: "float32" },
  { target: "tfjs", precision: "float32" },
] as const;

/** Every reading of this clock is a millisecond after the last. */
function tickingClock(): () => number {
  let time = 0;
  return () => time++;
}

test("every target is timed at every size in every round, and the news come in between", async () => {
  const progress: (readonly CallTime[])[] = [];
  const before = tf.memory().numTensors;
  const times = await callTimes({
    ...{ graph, targets, sizes: [1, 8], rounds: 3, least: 1, warmUp: 5, now: tickingClock() },
    onProgress: (soFar) => void progress.push(soFar),
  });
  expect(times.map(({ target, size }) => `${target} ${size}`)).toEqual([
    ...["javascript 1", "onnx 1", "tfjs 1"],
    ...["javascript 8", "onnx 8", "tfjs 8"],
  ]);
  expect(progress.map((soFar) => soFar.length)).toEqual([3, 6, 6, 6, 6, 6]);
  expect(new Set(times.map(({ microseconds }) => microseconds))).toEqual(new Set([1000]));
  expect(tf.memory().numTensors).toBe(before);
});

test("a short call is repeated until the clock has something to measure", async () => {
  let readings = 0;
  // the clock stands still while warming up and for three measurements, then moves by 8 ms between two readings
  const now = () => (++readings <= 2 + 6 ? 0 : 8 * readings);
  const one = { graph, targets: [targets[0]], sizes: [1], rounds: 1, least: 4, warmUp: 0 };
  const [time] = await callTimes({ ...one, now });
  expect(time.microseconds).toBe(8000 / 8);
});

test("the median is that of all rounds", async () => {
  const elapsed = [5, 9, 6, 50];
  let readings = 0;
  let time = 0;
  const now = () => {
    const reading = readings++ - 2; // two readings while warming up, two for each round
    if (reading > 0 && reading % 2 === 1) time += elapsed[(reading - 1) / 2];
    return time;
  };
  const [measured] = await callTimes({
    graph,
    targets: [targets[0]],
    sizes: [1],
    rounds: 4,
    least: 4,
    warmUp: 0,
    now,
  });
  expect(measured.microseconds).toBe(1000 * ((6 + 9) / 2));
});

test("a signal stops between two measurements", async () => {
  const stop = new AbortController();
  const onProgress = () => stop.abort(new Error("stopped"));
  await expect(
    callTimes({
      graph,
      targets,
      sizes: [1, 2],
      now: tickingClock(),
      least: 1,
      signal: stop.signal,
      onProgress,
    }),
  ).rejects.toThrow("stopped");
});

const times: CallTime[] = ["javascript", "wasm", "onnx", "tfjs"].flatMap((target, i) =>
  [1, 16, 256].map((size) => ({
    target,
    precision: i > 1 ? "float32" : "float64",
    size,
    microseconds: size + i,
  })),
);

test("the chart is sound, with a point for every time, also while it grows", async () => {
  await expectSoundChart(callTimeChart(times, { sizes: "rows" }));
  await expectSoundChart(callTimeChart(times.slice(0, 1), { sizes: "rows" }));
  const points = tooltipsOf(await runChart(callTimeChart(times, { sizes: "rows" }))).filter(
    (tooltip) => "microseconds" in tooltip,
  );
  expect(points.length).toBeGreaterThanOrEqual(times.length);
  expect(callTimeChart(times, { sizes: "rows" }).description).toContain(
    "at 256: javascript float64 256, wasm float64 257",
  );
});

test("the specification is the one that was looked at", () => {
  expect(callTimeChart(times, { sizes: "rows" })).toMatchSnapshot();
});
