import { beforeAll, describe, expect, it } from "vitest";
import type { MnistOdeRow } from "../../../src/experiments/mnist-ode/mnist-ode-row.js";
import { mnistOdePresets } from "../../../src/experiments/mnist-ode/presets.js";
import { runMnistOde } from "../../../src/experiments/mnist-ode/run.js";
import { mnistOdeWeights } from "../../../src/experiments/mnist-ode/weights.js";
import { otherProbes } from "../../../src/experiments/probed-solves.js";
import { isResultRow } from "../../../src/experiments/result-row.js";

/** Without a solver, without and with a penalty, and with something drawn at random. */
const methods = ["linear", "vanilla", "ernode", "steer+ernode"] as const;
const smoke = { preset: "smoke", seed: 1, epochs: 1 } as const;

/** What has to repeat: everything but times, and what the machine is. */
function repeatable({ timing, provenance, ...metrics }: MnistOdeRow) {
  return metrics;
}

describe("a run", () => {
  const rows = new Map<string, MnistOdeRow>();

  beforeAll(async () => {
    for (const method of methods) rows.set(method, await runMnistOde({ ...smoke, method }));
  }, 120_000);
  const row = (method: string): MnistOdeRow => rows.get(method) as MnistOdeRow;

  it.each(methods)("of %s gives a complete row of plain data", (method) => {
    const found = row(method);
    expect(isResultRow(found)).toBe(true);
    expect(structuredClone(found)).toEqual(found);
    expect(JSON.parse(JSON.stringify(repeatable(found)))).toEqual(repeatable(found));
    expect(found).toMatchObject({
      experiment: "mnist-ode",
      method,
      ...smoke,
      rtol: mnistOdePresets.smoke.tolerance,
    });
    expect(found.weight).toBe(mnistOdeWeights.smoke[method]?.from ?? 0);
    for (const accuracy of [found.trainAccuracy, found.testAccuracy]) {
      expect(accuracy).toBeGreaterThan(0.2);
      expect(accuracy).toBeLessThanOrEqual(1);
    }
    expect(found.timing.totalSeconds).toBeGreaterThanOrEqual(found.timing.seconds);
  });

  it("counts the evaluations of a solver where there is one: 2 at the start and 6 a step", () => {
    for (const method of ["vanilla", "ernode"]) {
      const { nfe, nfeProbe, resolved } = row(method);
      for (const count of [nfe, nfeProbe, ...resolved.map((each) => each.nfe)]) {
        expect(count).toBeGreaterThan(2);
        expect((count - 2) % 6).toBe(0);
      }
      expect(resolved.map(({ precision, tolerance }) => ({ precision, tolerance }))).toEqual(otherProbes);
    }
    expect(row("linear")).toMatchObject({ nfe: 0, nfeProbe: 0, resolved: [] });
  });

  it("starts with and without the penalty from the same parameters and the same batch", () => {
    const [vanilla, ernode] = [row("vanilla"), row("ernode")].map(({ curve }) => curve);
    expect(ernode[0]).toEqual(vanilla[0]);
    expect(ernode[1].loss).toBe(vanilla[1].loss);
    expect(ernode[1].penalty).toBeGreaterThan(vanilla[1].penalty);
  });

  it("gives the same metrics from the same seed, and others from another", async () => {
    const again = await runMnistOde({ ...smoke, method: "ernode" });
    expect(repeatable(again)).toEqual(repeatable(row("ernode")));
    const other = await runMnistOde({ ...smoke, method: "linear", seed: 2 });
    expect(other.curve).not.toEqual(row("linear").curve);
    expect(other.configuration).not.toBe(row("linear").configuration);
  });
});

describe("a run that is told to stop", () => {
  it.each(["training", "measuring"])("while %s ends with the signal's reason", async (phase) => {
    const stop = new AbortController();
    const run = runMnistOde(
      { ...smoke, method: "linear" },
      {
        signal: stop.signal,
        onProgress: ({ iteration, iterations }) => {
          if (phase === "training") stop.abort();
          else if (iteration === iterations) setImmediate(() => setImmediate(() => stop.abort()));
        },
      },
    );
    expect(await run.catch((reason: unknown) => reason)).toBe(stop.signal.reason);
  });
});

describe("wrong options", () => {
  it("are refused before any digit is read", async () => {
    const read: string[] = [];
    const run = runMnistOde(
      { ...smoke, method: "nonsense" as never },
      { onData: (text) => void read.push(text) },
    );
    await expect(run).rejects.toThrow("mnist-ode: method must be one of linear, vanilla, ");
    expect(read).toEqual([]);
  });
});
