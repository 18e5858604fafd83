import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import { afterEach, beforeEach, expect, it } from "vitest";
import { useTensorflowBackend } from "../../src/compiler/targets/tfjs/tensorflow-backend.js";

const core = createRequire(import.meta.url).resolve("@tensorflow/tfjs-core");
const folders: string[] = [];

/** A package that registers a backend of TensorFlow's name, as tfjs-node-gpu does when it is loaded. */
function packageFolder({ binary }: { binary: boolean }): string {
  const folder = mkdtempSync(join(tmpdir(), "glassbox-"));
  folders.push(folder);
  mkdirSync(join(folder, "lib", "napi-v8"), { recursive: true });
  if (binary) writeFileSync(join(folder, "lib", "napi-v8", "tfjs_binding.node"), "");
  const source = `const tf = require(${JSON.stringify(core)});
    if (require("node:util").isNullOrUndefined(0)) throw new Error("the shim is missing");
    tf.registerBackend("tensorflow", () => tf.findBackend("cpu"), 3);`;
  writeFileSync(join(folder, "index.js"), source);
  return folder;
}

beforeEach(() => {
  tf.setBackend("cpu");
});

afterEach(() => {
  tf.setBackend("cpu");
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

it("without the package or its binary the plain backend stays", () => {
  expect(useTensorflowBackend(packageFolder({ binary: false }))).toBe(false);
  expect(useTensorflowBackend(join(tmpdir(), "not-installed"))).toBe(false);
  expect(tf.getBackend()).toBe("cpu");
});

it("with its binary it becomes the backend, unless another was chosen", () => {
  const folder = packageFolder({ binary: true });
  tf.registerBackend("another", () => tf.findBackend("cpu"), 0);
  tf.setBackend("another");
  expect(useTensorflowBackend(folder)).toBe(false);
  expect(tf.getBackend()).toBe("another");
  tf.setBackend("cpu");
  expect(useTensorflowBackend(folder)).toBe(true);
  expect(tf.getBackend()).toBe("tensorflow");
});
