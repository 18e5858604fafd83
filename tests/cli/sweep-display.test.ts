import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ProgressLog } from "../../src/cli/progress-log.js";
import { SweepDisplay } from "../../src/cli/sweep/sweep-display.js";
import type { SweptRun } from "../../src/cli/sweep/sweep-state.js";
import { mnistOde } from "../../src/experiments/mnist-ode/mnist-ode.js";
import type { TrainingProgress } from "../../src/training/training-progress.js";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const progress: TrainingProgress = {
  iteration: 5,
  iterations: 10,
  epoch: 0.5,
  loss: 0.25,
  penalty: 0,
  nfe: 62,
  measures: {},
  seconds: 5,
  secondsLeft: 5,
};

function swept(method: string, fields: Partial<SweptRun> = {}): SweptRun {
  const options = { method, preset: "quick", seed: 1 };
  return {
    options,
    identity: mnistOde.identity(options),
    path: "row.json",
    state: "waiting",
    estimate: 30,
    ...fields,
  };
}

/** A stream that keeps what is written. */
function stream(terminal: boolean) {
  const written: string[] = [];
  const write = (text: string) => written.push(text) > 0;
  return { written, write: write as never, isTTY: terminal as true, columns: 100, rows: 24 };
}

test("in a log a run has a line when it begins and when it ends, and a summary follows now and then", () => {
  const out = stream(false);
  const runs = [swept("vanilla"), swept("ernode")];
  const display = new SweepDisplay(out, runs, 2);
  runs[0].state = "running";
  display.tell(runs[0]);
  expect(out.written).toEqual(["vanilla seed 1: started\n"]);
  vi.advanceTimersByTime(60_000);
  expect(out.written.slice(1)).toHaveLength(2);
  Object.assign(runs[0], { state: "failed", failure: "it broke" });
  display.tell(runs[0]);
  display.end();
  const text = out.written.join("");
  expect(text).toContain("vanilla seed 1: failed: it broke\n");
  expect(text).toContain("0 of 2 rows there, 0 running, 1 waiting, 1 failed, about 30 s left\n");
  expect(text).not.toContain("\x1b");
});

test("on a terminal the table of what runs is drawn in its own place, and taken away at the end", () => {
  const out = stream(true);
  const runs = [
    swept("vanilla", { state: "running", progress, startedAt: 0 }),
    swept("ernode", { state: "there" }),
  ];
  const display = new SweepDisplay(out, runs, 1);
  vi.advanceTimersByTime(600);
  const [first, summary, back] = out.written;
  expect(first).toMatch(/^vanilla seed 1 {2}█{10}░{10} 5\/10 {2}loss 0\.25 {2}NFE 62 {2}5 s left\n$/);
  expect(summary).toBe("1 of 2 rows there, 1 running, 0 waiting, about 5 s left\n");
  expect(back).toBe("\x1b[2A\x1b[0J");
  display.end();
  expect(out.written[out.written.length - 1]).toBe("\x1b[2A\x1b[0J");
  vi.advanceTimersByTime(5000);
  expect(out.written[out.written.length - 1]).toBe("\x1b[2A\x1b[0J");
});

test("JSON lines come once a second, with every evaluation and the last iteration besides", () => {
  const out = stream(false);
  const log = new ProgressLog(out);
  log.note("a note");
  for (let iteration = 1; iteration <= 30; iteration++) {
    const evaluation = iteration === 8 ? { nfe: 56, accuracy: 0.9 } : undefined;
    log.update({ ...progress, iteration, iterations: 30, evaluation });
    vi.advanceTimersByTime(100);
  }
  const events = out.written.map((line) => JSON.parse(line));
  expect(out.written.every((line) => line.endsWith("}\n"))).toBe(true);
  expect(events[0]).toEqual({ event: "note", text: "a note" });
  expect(events.slice(1).map(({ iteration }) => iteration)).toEqual([1, 8, 18, 28, 30]);
  expect(events[2].evaluation).toEqual({ nfe: 56, accuracy: 0.9 });
});
