import { describe, expect, it } from "vitest";
import {
  type MnistSdeConfiguration,
  type MnistSdeOptions,
  mnistSdeConfiguration,
  mnistSdeIdentity,
} from "../../../src/experiments/mnist-sde/configuration.js";
import { mnistSdeMethodNames, mnistSdeMethods } from "../../../src/experiments/mnist-sde/methods.js";
import { mnistSde } from "../../../src/experiments/mnist-sde/mnist-sde.js";
import { type MnistSdePresetName, mnistSdePresets } from "../../../src/experiments/mnist-sde/presets.js";
import { mnistSdeWeights } from "../../../src/experiments/mnist-sde/weights.js";
import { readRows } from "../../../src/experiments/result-files.js";

const presetNames = Object.keys(mnistSdePresets) as MnistSdePresetName[];
const cases = presetNames.flatMap((preset) => mnistSdeMethodNames.map((method) => ({ preset, method })));
const options = { method: "ernsde", preset: "full", seed: 1 } as const;

const hashOf = (configuration: MnistSdeConfiguration): string =>
  mnistSdeIdentity("full", configuration).configuration;

describe("a configuration of mnist-sde", () => {
  it.each(cases)("of $method in $preset is the preset with what was chosen", ({ preset, method }) => {
    const chosen = { method, seed: 7, epochs: 5, precision: "float32" } as const;
    const weight = mnistSdeWeights[preset][method];
    expect(mnistSdeConfiguration({ ...chosen, preset })).toEqual({
      ...mnistSdePresets[preset],
      ...chosen,
      weight,
    });
    expect(weight !== undefined).toBe(mnistSdeMethods[method].isWeighted);
  });

  const wrong: [string, Record<string, unknown>, string][] = [
    ["an unknown method", { method: "ernode" }, "method must be one of vanilla, srnsde, "],
    [
      "an unknown preset",
      { preset: "slow" },
      "preset must be one of smoke, quick, full, published, got slow",
    ],
    ["an unknown target", { target: "onnx" }, "target must be one of wasm, got onnx"],
    [
      "a weight without a penalty",
      { method: "vanilla", weight: 1 },
      "weight must be left out for the method vanilla",
    ],
  ];
  it.each(wrong)("with %s is refused in a sentence", (_, change, sentence) => {
    const given = { ...options, ...change } as MnistSdeOptions;
    expect(() => mnistSdeConfiguration(given)).toThrow(`mnist-sde: ${sentence}`);
  });
});

describe("the identity of a row of mnist-sde", () => {
  it("tells all methods, seeds and configurations apart, and nothing else", () => {
    const hashes = cases.flatMap(({ method, preset }) =>
      [1, 2].map((seed) => {
        const { digits, ...configuration } = mnistSdeConfiguration({ method, preset, seed });
        const text = JSON.stringify([digits, configuration]);
        return [text, hashOf({ digits, ...configuration })];
      }),
    );
    expect(new Set(hashes.map(([, hash]) => hash)).size).toBe(new Set(hashes.map(([text]) => text)).size);
  });

  it("of the rows that come with glassbox is that of the same run today", async () => {
    for (const { method, preset, seed, epochs, weight, precision, configuration } of await readRows(
      "mnist-sde",
    )) {
      const chosen = { method, preset, seed, epochs, precision } as MnistSdeOptions;
      const { isWeighted } = mnistSdeMethods[chosen.method];
      expect(mnistSde.identity(isWeighted ? { ...chosen, weight } : chosen)).toMatchObject({ configuration });
    }
  });
});
