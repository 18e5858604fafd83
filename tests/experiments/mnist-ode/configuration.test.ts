import { describe, expect, it } from "vitest";
import {
  type MnistOdeConfiguration,
  type MnistOdeMethod,
  type MnistOdeOptions,
  mnistOdeConfiguration,
  mnistOdeIdentity,
  mnistOdeMethods,
} from "../../../src/experiments/mnist-ode/configuration.js";
import { type MnistOdePresetName, mnistOdePresets } from "../../../src/experiments/mnist-ode/presets.js";

const presetNames = Object.keys(mnistOdePresets) as MnistOdePresetName[];
const options = { method: "ernode", preset: "quick", seed: 1 } as const;

const hashOf = (configuration: MnistOdeConfiguration): string =>
  mnistOdeIdentity("quick", configuration).configuration;

describe("a configuration", () => {
  it("is the preset with what was chosen", () => {
    for (const preset of presetNames) {
      for (const method of mnistOdeMethods) {
        const configuration = mnistOdeConfiguration({ method, preset, seed: 7, epochs: 5 });
        expect(configuration).toEqual({ ...mnistOdePresets[preset], method, seed: 7, epochs: 5 });
      }
    }
  });

  it("anneals a chosen weight in the preset's proportion", () => {
    for (const preset of presetNames) {
      const { from, to } = mnistOdePresets[preset].weight;
      for (const weight of [1e-9, 0.3, 20, 1e308]) {
        const chosen = mnistOdeConfiguration({ method: "ernode", preset, seed: 1, weight }).weight;
        expect(chosen.from).toBe(weight);
        expect(chosen.to / chosen.from).toBeAllclose(to / from);
      }
    }
  });

  const wrong: [string, Record<string, unknown>, string][] = [
    [
      "an unknown method",
      { method: "nonsense" },
      "method must be one of linear, vanilla, ernode, got nonsense",
    ],
    [
      "an unknown preset",
      { preset: "slow" },
      "preset must be one of smoke, quick, full, published, got slow",
    ],
    ["an unknown target", { target: "gpu" }, "target must be one of onnx, wasm, got gpu"],
    ["a name that every object has", { preset: "constructor" }, "preset must be one of"],
    ["a negative seed", { seed: -1 }, "seed must be a whole number, at least 0, got -1"],
    ["a fractional seed", { seed: 0.5 }, "seed must be a whole number, at least 0, got 0.5"],
    ["no epochs", { epochs: 0 }, "epochs must be a whole number, at least 1, got 0"],
    ["infinitely many epochs", { epochs: Number.POSITIVE_INFINITY }, "epochs must be a whole number"],
    [
      "a weight of zero",
      { weight: 0 },
      "weight must be a positive number (the method vanilla has no penalty), got 0",
    ],
    ["an infinite weight", { weight: Number.POSITIVE_INFINITY }, "weight must be a positive number"],
    ["a weight that is no number", { weight: Number.NaN }, "weight must be a positive number"],
    [
      "a weight without a penalty",
      { method: "vanilla", weight: 1 },
      "weight must be left out for the method vanilla, which has no penalty, got 1",
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

  it.each([...Object.keys(configuration), "limit"])("depends on the configuration's %s", (name) => {
    const value = configuration[name as keyof MnistOdeConfiguration] ?? { train: 1, test: 1 };
    const other = { ...configuration, [name]: changed(value) } as MnistOdeConfiguration;
    expect(hashOf(other)).not.toBe(hashOf(configuration));
  });

  it("does not depend on the name of the preset", () => {
    const hash = (preset: MnistOdePresetName) => mnistOdeIdentity(preset, configuration).configuration;
    expect(hash("full")).toBe(hash("quick"));
  });

  it.each(["linear", "vanilla"] as MnistOdeMethod[])(
    "of %s does not depend on a weight that it has no use for",
    (method) => {
      const plain = mnistOdeConfiguration({ ...options, method });
      const other = { ...plain, weight: { from: 5, to: 2 } };
      expect(mnistOdeIdentity("quick", other)).toEqual(mnistOdeIdentity("quick", plain));
      expect(mnistOdeIdentity("quick", plain).weight).toBe(0);
    },
  );

  it("tells all methods, presets and seeds apart", () => {
    const all = mnistOdeMethods.flatMap((method) =>
      presetNames.flatMap((preset) =>
        [1, 2].map((seed) => hashOf(mnistOdeConfiguration({ method, preset, seed }))),
      ),
    );
    expect(new Set(all).size).toBe(all.length);
  });
});
