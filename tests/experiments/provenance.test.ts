import { homedir, hostname, userInfo } from "node:os";
import { describe, expect, it } from "vitest";
import { provenance } from "../../src/experiments/provenance.js";

describe("the provenance of a result", () => {
  const text = JSON.stringify(provenance());

  it("names versions and the kind of machine", () => {
    const { node, packages, processors } = provenance();
    expect(node).toBe(process.version);
    expect(processors).toBeGreaterThan(0);
    for (const name of ["glassbox", "onnxruntime-node", "@tensorflow/tfjs-core"]) {
      expect(packages[name]).toMatch(/^\d+\.\d+\.\d+/);
    }
  });

  it("names no folder, no machine and no person", () => {
    const { username } = userInfo();
    for (const secret of [process.cwd(), homedir(), hostname(), `"${username}"`]) {
      if (secret.length > 1) expect(text).not.toContain(secret);
    }
  });
});
