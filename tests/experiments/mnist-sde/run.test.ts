import { beforeAll, describe, expect, it } from "vitest";
import { mnistSde } from "../../../src/experiments/mnist-sde/mnist-sde.js";
import type { MnistSdeRow } from "../../../src/experiments/mnist-sde/mnist-sde-row.js";
import { mnistSdePresets } from "../../../src/experiments/mnist-sde/presets.js";
import { runMnistSde } from "../../../src/experiments/mnist-sde/run.js";
import { isResultRow } from "../../../src/experiments/result-row.js";

/** Every solver, and every kind of penalty. */
const methods = ["vanilla", "srnsde", "ernsde", "local-biased"] as const;
const smoke = { preset: "smoke", seed: 1, epochs: 1 } as const;

/** What has to repeat: everything but times, and what the machine is. */
function repeatable({ timing, provenance, ...metrics }: MnistSdeRow) {
  return metrics;
}

describe("a run of mnist-sde", () => {
  const rows = new Map<string, MnistSdeRow>();

  beforeAll(async () => {
    for (const method of methods) {
      rows.set(method, await runMnistSde({ ...smoke, method }, { threads: 1 }));
    }
  }, 120_000);
  const row = (method: string): MnistSdeRow => rows.get(method) as MnistSdeRow;

  it.each(methods)("by %s gives a complete row of plain data", (method) => {
    const found = row(method);
    expect(isResultRow(found)).toBe(true);
    expect(JSON.parse(JSON.stringify(repeatable(found)))).toEqual(repeatable(found));
    expect(found).toMatchObject(mnistSde.identity({ ...smoke, method }));
    expect(found.rtol).toBe(mnistSdePresets.smoke.tolerance);
    // of ten classes
    for (const accuracy of [found.trainAccuracy, found.testAccuracy]) expect(accuracy).toBeGreaterThan(0.2);
    const { seconds, totalSeconds, predictionSeconds } = found.timing;
    expect(totalSeconds).toBeGreaterThan(seconds + predictionSeconds);
  });

  it("counts evaluations of the drift: 2 at the start and 4 an attempt", () => {
    for (const method of methods) {
      const { nfe, nfeProbe, resolved } = row(method);
      for (const count of [nfe, nfeProbe, ...resolved.map((each) => each.nfe)]) {
        expect(count).toBeGreaterThan(2);
        expect((count - 2) % 4).toBe(0);
      }
    }
  });

  it("starts with every method from the same parameters, batch and path", () => {
    const [, first] = row("vanilla").curve;
    for (const method of ["ernsde", "local-biased"]) {
      const [, other] = row(method).curve;
      expect(other.loss).toBe(first.loss);
      expect(other.penalty).toBeGreaterThan(first.penalty);
    }
  });

  it("gives the same metrics from the same seed, and others from another", async () => {
    const again = await runMnistSde({ ...smoke, method: "ernsde" }, { threads: 1 });
    expect(repeatable(again)).toEqual(repeatable(row("ernsde")));
    const other = await runMnistSde({ ...smoke, method: "vanilla", seed: 2 }, { threads: 1 });
    expect(other.curve).not.toEqual(row("vanilla").curve);
  });
});
