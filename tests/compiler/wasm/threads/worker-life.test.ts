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

/**
 * Defines `runUntil(end, isDone)`: a team of two runs a stage of two shares, again and again. The main thread takes its time
 * for one, the worker ends in the given way or says that it is there.
 */
const ending = `
import { setImmediate } from "node:timers/promises";
import { WorkerTeam } from "./targets/wasm/threads/worker-team.js";

const mainScratch = 64;
function prepare({ end, mainScratch }, { memory }) {
  const run = (scratch) => {
    if (scratch === mainScratch) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
    else if (!end) new Int32Array(memory.buffer)[0] = 1;
    else {
      if (end === "at once") process.removeAllListeners("exit");
      process.exit();
    }
  };
  return { run, release: () => {} };
}
const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
const team = new WorkerTeam(memory, 2, prepare);
const nothing = { rowBytes: [], shareBytes: [], addresses: new Uint32Array(0), scalars: new Float64Array(0) };
const portions = { rows: 2, chunkRows: 1, shares: 2, scalarsAt: 0, addressesAt: 0, scratch: [mainScratch, 128] };
let id = 0;
async function runUntil(end, isDone) {
  const stage = { ...portions, ...nothing, id: id++, code: { end, mainScratch } };
  while (!isDone()) {
    team.run(stage);
    await setImmediate();
  }
}
await runUntil("", () => new Int32Array(memory.buffer)[0] === 1);
await new Promise((resume) => setTimeout(resume, 100)); // the event loop has to have heard of its start
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
      "targets/wasm/threads/worker-team",
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

  // at once, as when its memory runs out
  it.each(["with its handlers called", "at once"])(
    "keep nobody waiting when one ends in the middle of a share, %s",
    async (way) => {
      const script = `${ending}
        for (const end of ["${way}", ""]) {
          await runUntil(end, () => false).catch(({ name, message }) => console.log(name + ": " + message));
        }`;
      const failure = "TargetError: a worker thread ended while it was computing, and its results are lost";
      const lines = (await runScript(script)).split("\n");
      expect(lines.map((line) => line.slice(0, failure.length))).toEqual([failure, failure]);
    },
  );

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
