import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ProgressLine } from "../../src/cli/progress-line.js";
import type { TrainingProgress } from "../../src/training/training-progress.js";

const progress: TrainingProgress = {
  iteration: 3,
  iterations: 8,
  epoch: 0.375,
  loss: 1.23456,
  penalty: 0,
  nfe: 27,
  measures: { accuracy: 0.5 },
  seconds: 2,
  secondsLeft: 3.2,
};
const evaluation = { accuracy: 0.9, nfe: 33 };

/** A stream that keeps what was written to it. */
function stream(terminal: { columns: number } | undefined) {
  const written: string[] = [];
  const write = (text: string): boolean => {
    written.push(text);
    return true;
  };
  return {
    written,
    write: write as never,
    isTTY: terminal !== undefined,
    columns: terminal?.columns as number,
  };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("the progress line", () => {
  it("says epoch, iteration, loss, accuracy once there is one, evaluations and the time left", () => {
    const out = stream(undefined);
    const line = new ProgressLine(out, "ernode seed 1");
    line.update({ ...progress, iteration: 0, epoch: 0, secondsLeft: 0, evaluation });
    vi.advanceTimersByTime(60_000);
    line.update(progress);
    expect(out.written).toEqual([
      "ernode seed 1  epoch 0.00  0/8  loss 1.2346  accuracy 90.0 %  NFE 33\n",
      "ernode seed 1  epoch 0.38  3/8  loss 1.2346  accuracy 90.0 %  NFE 27  4 s left\n",
    ]);
  });

  it("in a log comes now and then, and always with an evaluation", () => {
    const out = stream(undefined);
    const line = new ProgressLine(out, "title");
    for (let second = 0; second < 60; second++) {
      line.update(progress);
      vi.advanceTimersByTime(1000);
    }
    expect(out.written.length).toBeLessThanOrEqual(7);
    const before = out.written.length;
    line.update({ ...progress, evaluation });
    line.update({ ...progress, evaluation });
    expect(out.written.length).toBe(before + 2);
  });

  it("on a terminal overwrites itself, and never wraps", () => {
    const out = stream({ columns: 30 });
    const line = new ProgressLine(out, "title");
    for (let i = 0; i < 5; i++) {
      line.update(progress);
      vi.advanceTimersByTime(1000);
    }
    line.note("a note");
    for (const text of out.written.slice(0, 5)) {
      expect(text.startsWith("\r\x1b[2K")).toBe(true);
      expect(text.slice(5).length).toBeLessThan(30);
      expect(text).not.toContain("\n");
    }
    expect(out.written.slice(5)).toEqual(["\n", "a note\n"]);
  });

  it("on a wide terminal has a bar, which fills from end to end", () => {
    const out = stream({ columns: 120 });
    const line = new ProgressLine(out, "title");
    for (let iteration = 0; iteration <= 8; iteration++) {
      line.update({ ...progress, iteration });
      vi.advanceTimersByTime(1000);
    }
    const bars = out.written.map((text) => /title {2}(█*)(░*) {2}epoch/.exec(text)?.slice(1) ?? []);
    expect(bars.map(([done, left]) => done.length + left.length)).toEqual(new Array(9).fill(20));
    expect(bars.map(([done]) => done.length)).toEqual([0, 2, 5, 7, 10, 12, 15, 17, 20]);
  });

  it("says every measure of an evaluation by its name", () => {
    const out = stream(undefined);
    new ProgressLine(out, "title").update({
      ...progress,
      evaluation: { nfe: 33, accuracy: 0.5, meanSquaredError: 0.012345 },
    });
    expect(out.written[0]).toContain("  accuracy 50.0 %  mean squared error 0.0123  NFE 33  ");
  });

  it("shows a download", () => {
    const out = stream(undefined);
    const line = new ProgressLine(out, "title");
    line.download({ file: "digits.gz", received: 50, size: 200 } as never);
    vi.advanceTimersByTime(60_000);
    line.download({ file: "digits.gz", received: 200, size: 200 } as never);
    expect(out.written).toEqual(["fetching digits.gz  25 %\n", "fetching digits.gz  100 %\n"]);
  });
});
