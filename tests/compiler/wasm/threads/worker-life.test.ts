import { beforeAll, describe, expect, it } from "vitest";
import { runScript, transpileModules } from "./transpiled.js";

/** Defines `runOn(target)`: a large batch on a target, and what its sum comes to. */
const batch = `
import { GraphBuilder } from "./graph/graph-builder.js";
import { apply } from "./operations/elementwise.js";
import { matMul } from "./operations/mat-mul.js";
import { reduce } from "./operations/reduce.js";

const builder = new GraphBuilder();
const x = builder.input("x", [512, 64]);
const weight = builder.input("weight", [64, 64]);
const y = apply(builder, "tanh", matMul(builder, x, weight));
const sum = reduce(builder, "sum", y, [0, 1]);
const graph = { builder, inputs: [x, weight], scalars: [], outputs: { y }, readouts: { sum } };
const numbers = (shape) => {
  const length = shape[0] * shape[1];
  return { shape, data: Float64Array.from({ length }, (_, i) => Math.sin(i) / 8) };
};
function runOn(target) {
  const readout = new Float64Array(1);
  target.compile(graph).run([x, weight].map(({ shape }) => target.put(numbers(shape))), new Float64Array(0), readout);
  return readout[0].toFixed(9);
}
`;
const onThreads = (threads: number): string =>
  `(await import("./targets/wasm/wasm-target.js")).wasmTarget({ precision: "float64", threads: ${threads} })`;

describe("worker threads", { timeout: 60_000 }, () => {
  let expected = "";
  beforeAll(async () => {
    transpileModules(
      "graph/graph-builder",
      "operations/elementwise",
      "operations/mat-mul",
      "operations/reduce",
      "targets/wasm/wasm-target",
    );
    expected = await runScript(`${batch} console.log(runOn(${onThreads(1)}));`);
    expect(expected).toMatch(/^-?\d+\.\d{9}$/);
  }, 60_000);

  it("end with the process, without being told", async () => {
    expect(await runScript(`${batch} console.log(runOn(${onThreads(3)}));`)).toBe(expected);
  });

  it("are not needed where memory cannot be shared", async () => {
    const script = `delete globalThis.SharedArrayBuffer; ${batch} console.log(runOn(${onThreads(3)}));`;
    expect(await runScript(script)).toBe(expected);
  });

  it.skipIf(process.platform !== "linux")("end with their target", async () => {
    const script = `${batch}
      import { readdirSync } from "node:fs";
      import { setTimeout } from "node:timers/promises";
      const threads = () => readdirSync("/proc/self/task").length;
      runOn(${onThreads(1)});
      const before = threads();
      await (async () => runOn(${onThreads(4)}))();
      const during = threads();
      for (let i = 0; i < 100 && threads() > before; i++) { gc(); await setTimeout(20); }
      console.log(during - before, threads() - before);`;
    expect(await runScript(script, ["--expose-gc"])).toBe("3 0");
  });
});
