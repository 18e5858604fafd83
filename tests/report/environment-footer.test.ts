import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import { expect, test } from "vitest";
import { packageRoot } from "../../src/data/package-root.js";
import { provenance } from "../../src/experiments/provenance.js";
import { environmentFooter } from "../../src/report/environment-footer.js";

const manifest = JSON.parse(readFileSync(`${packageRoot}/package.json`, "utf8"));

test("the versions are those that package.json pins, and the machine is this one", () => {
  const { packages, node, processors } = provenance();
  const pinned = { ...manifest.dependencies, ...manifest.optionalDependencies, glassbox: manifest.version };
  for (const [name, version] of Object.entries(packages))
    expect([name, version]).toEqual([name, pinned[name]]);
  expect(Object.keys(packages)).toEqual(
    expect.arrayContaining(["glassbox", "onnxruntime-node", "@tensorflow/tfjs-core", "vega-lite"]),
  );
  expect(node).toBe(process.version);
  expect(processors).toBe(cpus().length);
});

test("the footer names no path of this machine", () => {
  const footer = environmentFooter();
  expect(footer).not.toContain(packageRoot);
  expect(footer).not.toContain(process.cwd());
  expect(footer).not.toMatch(/(^|\s)\/\w|\b[A-Z]:\\/);
});

test("the commit stands by the package it is of, and is left out where there is none", () => {
  const facts = { ...provenance(), packages: { glassbox: "1.2.3", vega: "5.0.0" } };
  expect(environmentFooter({ ...facts, commit: "abc1234" })).toMatch(
    /\nglassbox 1\.2\.3 \(abc1234\), vega 5\.0\.0$/,
  );
  expect(environmentFooter({ ...facts, commit: undefined })).toMatch(/\nglassbox 1\.2\.3, vega 5\.0\.0$/);
});
