import fc from "fast-check";
import { expect, test } from "vitest";
import { durationText } from "../../src/cli/duration.js";
import { estimatedSeconds, type TimedRun } from "../../src/cli/sweep/estimate.js";
import { doAll } from "../../src/cli/sweep/pool.js";
import { type SweptRun, secondsLeft } from "../../src/cli/sweep/sweep-state.js";
import { mnistOde } from "../../src/experiments/mnist-ode/mnist-ode.js";

const run = mnistOde.identity({ method: "ernode", preset: "quick", seed: 1, epochs: 4 });
const timed = (fields: Partial<TimedRun>, totalSeconds: number, threads = 1): TimedRun => ({
  ...run,
  ...fields,
  timing: { seconds: totalSeconds, totalSeconds, threads },
});

test("an estimate grows with the epochs and the threads that a known run had", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 8 }),
      fc.integer({ min: 1, max: 8 }),
      (epochs, threadsThen, threadsNow) => {
        const known = timed({ epochs, seed: 2 }, 10, threadsThen);
        const expected = (10 * (run.epochs / epochs) * threadsThen) / threadsNow;
        expect(estimatedSeconds(run, [known], threadsNow)).toBeAllclose(expected);
      },
    ),
  );
});

test("an estimate goes by the rows that are most alike, and there is none without any", () => {
  const other = timed({ method: "vanilla" }, 100);
  const near = timed({ weight: 99 }, 50);
  const same = timed({ seed: 7 }, 20);
  expect(estimatedSeconds(run, [other, near, same], 1)).toBe(20);
  expect(estimatedSeconds(run, [other, near], 1)).toBe(50);
  expect(estimatedSeconds(run, [other], 1)).toBe(100);
  expect(estimatedSeconds(run, [timed({ preset: "full" }, 1)], 1)).toBeUndefined();
});

const swept = (fields: Partial<SweptRun>): SweptRun => ({
  options: { method: "ernode", preset: "quick", seed: 1 },
  identity: run,
  path: "row.json",
  state: "waiting",
  ...fields,
});

test("the time left is shared by the jobs, but is never less than the longest run's", () => {
  const estimates = fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 9 });
  fc.assert(
    fc.property(estimates, fc.integer({ min: 1, max: 4 }), (seconds, jobs) => {
      const left = secondsLeft(
        seconds.map((estimate) => swept({ estimate })),
        jobs,
        0,
      ) as number;
      expect(left).toBeGreaterThanOrEqual(Math.max(...seconds));
      expect(left * jobs).toBeGreaterThanOrEqual(seconds.reduce((sum, each) => sum + each, 0));
      expect(left).toBeLessThanOrEqual(seconds.reduce((sum, each) => sum + each, 0));
    }),
  );
});

test("what is done or failed needs no time, what runs has its own word, and nothing is said of the unknown", () => {
  const progress = { iteration: 5, secondsLeft: 7 } as SweptRun["progress"];
  const runs = [
    swept({ state: "done", estimate: 50 }),
    swept({ state: "there" }),
    swept({ state: "failed" }),
    swept({ state: "running", estimate: 50, startedAt: 0, progress }),
  ];
  expect(secondsLeft(runs, 1, 1000)).toBe(7);
  expect(secondsLeft([swept({ state: "running", estimate: 50, startedAt: 0 })], 1, 20_000)).toBe(30);
  expect(secondsLeft([...runs, swept({})], 1, 0)).toBeUndefined();
});

test.each([
  [0.2, "1 s"],
  [59.5, "1 min 0 s"],
  [61, "1 min 1 s"],
  [3600, "1 h 0 min"],
  [7500, "2 h 5 min"],
])("%f seconds are %s", (seconds, text) => {
  expect(durationText(seconds)).toBe(text);
});

test("a pool does every task once, so many at a time, and begins none after the signal", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.nat(12),
      fc.integer({ min: 1, max: 4 }),
      fc.nat(12),
      async (count, atATime, stopAt) => {
        const stop = new AbortController();
        const begun: number[] = [];
        let running = 0;
        let most = 0;
        const tasks = Array.from({ length: count }, (_, i) => i);
        await doAll(tasks, atATime, stop.signal, async (task) => {
          begun.push(task);
          most = Math.max(most, ++running);
          if (begun.length === stopAt) stop.abort();
          await new Promise(setImmediate);
          running--;
        });
        expect(most).toBeLessThanOrEqual(atATime);
        const last = stopAt > 0 && stopAt < count ? stopAt : count;
        expect(begun).toEqual(tasks.slice(0, last));
      },
    ),
  );
});

test("a pool passes on what a task throws", async () => {
  const work = async (task: number) => {
    if (task === 1) throw new Error("broken");
  };
  await expect(doAll([0, 1, 2], 2, new AbortController().signal, work)).rejects.toThrow("broken");
});
