import { describe, expect, it } from "vitest";
import {
  type MnistOdeConfiguration,
  type MnistOdeMethod,
  type MnistOdeOptions,
  mnistOdeConfiguration,
  mnistOdeIdentity,
  mnistOdeMethods,
  regularizationOf,
} from "../../../src/experiments/mnist-ode/configuration.js";
import { mnistOde } from "../../../src/experiments/mnist-ode/mnist-ode.js";
import { type MnistOdePresetName, mnistOdePresets } from "../../../src/experiments/mnist-ode/presets.js";
import { mnistOdeWeights } from "../../../src/experiments/mnist-ode/weights.js";
import { readRows } from "../../../src/experiments/result-files.js";

const presetNames = Object.keys(mnistOdePresets) as MnistOdePresetName[];
const options = { method: "ernode", preset: "quick", seed: 1 } as const;
const cases = presetNames.flatMap((preset) => mnistOdeMethods.map((method) => ({ preset, method })));

const hashOf = (configuration: MnistOdeConfiguration): string =>
  mnistOdeIdentity("quick", configuration).configuration;

describe("a configuration", () => {
  it.each(cases)("of $method in $preset is the preset with what was chosen", ({ preset, method }) => {
    const configuration = mnistOdeConfiguration({ method, preset, seed: 7, epochs: 5, precision: "float32" });
    const weight = mnistOdeWeights[preset][method];
    expect(configuration).toEqual({
      ...mnistOdePresets[preset],
      method,
      seed: 7,
      epochs: 5,
      precision: "float32",
      weight,
    });
    expect(weight !== undefined).toBe(regularizationOf(method).isWeighted);
  });

  it("anneals a chosen weight in the proportion of the method's own", () => {
    for (const { preset, method } of cases) {
      const own = mnistOdeWeights[preset][method];
      if (!own) continue;
      for (const weight of [1e-9, 0.3, 20, 1e308]) {
        const chosen = mnistOdeConfiguration({ method, preset, seed: 1, weight }).weight as typeof own;
        expect(chosen.from).toBe(weight);
        expect(chosen.to / chosen.from).toBeAllclose(own.to / own.from);
      }
    }
  });

  const wrong: [string, Record<string, unknown>, string][] = [
    ["an unknown method", { method: "nonsense" }, "method must be one of linear, vanilla, "],
    [
      "an unknown preset",
      { preset: "slow" },
      "preset must be one of smoke, quick, full, published, got slow",
    ],
    ["an unknown target", { target: "gpu" }, "target must be one of onnx, wasm, got gpu"],
    ["an unknown precision", { precision: "half" }, "precision must be one of float64, float32, got half"],
    ["a name that every object has", { preset: "constructor" }, "preset must be one of"],
    ["a negative seed", { seed: -1 }, "seed must be a whole number, at least 0, got -1"],
    ["a fractional seed", { seed: 0.5 }, "seed must be a whole number, at least 0, got 0.5"],
    ["no epochs", { epochs: 0 }, "epochs must be a whole number, at least 1, got 0"],
    ["infinitely many epochs", { epochs: Number.POSITIVE_INFINITY }, "epochs must be a whole number"],
    ["a weight of zero", { weight: 0 }, "weight must be a positive number, got 0"],
    ["an infinite weight", { weight: Number.POSITIVE_INFINITY }, "weight must be a positive number"],
    ["a weight that is no number", { weight: Number.NaN }, "weight must be a positive number"],
    [
      "a weight without a penalty",
      { method: "vanilla", weight: 1 },
      "weight must be left out for the method vanilla, which has no penalty to weigh, got 1",
    ],
  ];
  it.each(wrong)("with %s is refused in a sentence", (_, change, sentence) => {
    expect(() => mnistOdeConfiguration({ ...options, ...change } as MnistOdeOptions)).toThrow(
      new RegExp(`^mnist-ode: ${sentence.replace(/[()]/g, "\\$&")}`),
    );
  });
});

describe("a row's identity", () => {
  const configuration = mnistOdeConfiguration(options);

  /** Another value of the same kind. */
  function changed(value: unknown): unknown {
    if (typeof value === "number") return value + 1;
    return typeof value === "string" ? `other ${value}` : { ...(value as object), more: 1 };
  }

  const fields = Object.keys(configuration).filter((name) => name !== "method");
  it.each([...fields, "limit"])("depends on the configuration's %s", (name) => {
    const value = configuration[name as keyof MnistOdeConfiguration] ?? { train: 1, test: 1 };
    const other = { ...configuration, [name]: changed(value) } as MnistOdeConfiguration;
    expect(hashOf(other)).not.toBe(hashOf(configuration));
  });

  it("does not depend on the name of the preset", () => {
    const hash = (preset: MnistOdePresetName) => mnistOdeIdentity(preset, configuration).configuration;
    expect(hash("full")).toBe(hash("quick"));
  });

  it("tells all methods, presets and seeds apart", () => {
    const all = cases.flatMap((each) =>
      [1, 2].map((seed) => hashOf(mnistOdeConfiguration({ ...each, seed }))),
    );
    expect(new Set(all).size).toBe(all.length);
  });

  it("of the rows that come with glassbox is that of the same run today", async () => {
    const rows = await readRows("mnist-ode");
    expect(rows.length).toBeGreaterThan(0);
    for (const { method, preset, seed, epochs, weight, target, precision, configuration: hash } of rows) {
      const chosen = { method, preset, seed, epochs, target, precision } as MnistOdeOptions;
      const isWeighted = regularizationOf(method as MnistOdeMethod).isWeighted;
      const identity = mnistOde.identity(isWeighted ? { ...chosen, weight } : chosen);
      expect(identity).toMatchObject({ ...chosen, weight, configuration: hash });
    }
  });
});
