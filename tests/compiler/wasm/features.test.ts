import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import {
  supportsFusedMultiplyAdd,
  supportsSharedMemory,
  useWideVectors,
} from "../../../src/compiler/targets/wasm/features.js";

const major = Number.parseInt(process.versions.node, 10);

describe("the engine's features", () => {
  it("are those that its version is known to have", () => {
    expect(supportsFusedMultiplyAdd()).toBe(major >= 22);
    expect(supportsSharedMemory()).toBe(true);
  });

  it("widen vectors only where V8 pairs them well, and the process goes on either way", () => {
    expect(useWideVectors()).toBe(major >= 24);
  });

  it("speak of flags that V8 knows", () => {
    const flags = execFileSync(process.execPath, ["--v8-options"], { encoding: "utf8" });
    expect(flags.includes("--experimental-wasm-revectorize")).toBe(major >= 22);
  });
});
