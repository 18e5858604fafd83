import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import type { PortionedStage } from "../../../../src/compiler/targets/wasm/threads/portioned-stage.js";
import { prepareModule, type WasmCode } from "../../../../src/compiler/targets/wasm/threads/wasm-code.js";
import { WorkerTeam } from "../../../../src/compiler/targets/wasm/threads/worker-team.js";
import { type WebAssemblyModule, webAssembly } from "../../../../src/compiler/targets/wasm/web-assembly.js";
import { block, countAndFollow, countAndSign, scaleAndSum } from "./portioned-modules.js";

const page = 65536;
const threadCounts = [1, 2, 3];
const scratchOf = (thread: number): number => 256 * (1 + thread);
const input = 4096;
const result = 8192;
const parts = 12288;
/** How often to try what one run may miss. */
const patience = 1000;
let lastId = 0;

interface Portions {
  readonly rows: number;
  readonly chunkRows: number;
  readonly shares: number;
}

/** A stage on doubles: rows of the input and of the result, and a sum for each share. */
function stageOf(
  portions: Portions,
  module: WebAssemblyModule,
  lastModule?: WebAssemblyModule,
): PortionedStage<WasmCode> {
  const addresses = new Uint32Array(new SharedArrayBuffer(12));
  addresses.set([input, result, parts]);
  const scratch = new Uint32Array(new SharedArrayBuffer(4 * threadCounts.length));
  scratch.set(threadCounts.map((_, thread) => scratchOf(thread)));
  return {
    id: ++lastId,
    ...portions,
    code: { module, imports: {} },
    lastCode: lastModule && { module: lastModule, imports: {} },
    ...block,
    rowBytes: [8, 8, 0],
    shareBytes: [0, 0, 64],
    addresses,
    scalars: new Float64Array(new SharedArrayBuffer(8)),
    scratch,
  };
}

const anyPortions = fc.record({
  rows: fc.integer({ min: 1, max: 40 }),
  chunkRows: fc.integer({ min: 1, max: 10 }),
  shares: fc.integer({ min: 1, max: 12 }),
});
const factors = fc.array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: 1, maxLength: 5 });

describe.each(threadCounts)("a team of %i threads", (threads) => {
  const memory = new webAssembly.Memory({ initial: 1, maximum: 8, shared: true });
  const team = new WorkerTeam(memory, threads, prepareModule);
  afterAll(() => team.stop());

  it("computes every row of a stage once, and for each share what its rows add up to", () => {
    fc.assert(
      fc.property(anyPortions, factors, (portions, scalars) => {
        const { rows, chunkRows, shares } = portions;
        const rest = rows % chunkRows;
        const stage = stageOf(portions, scaleAndSum(chunkRows), rest > 0 ? scaleAndSum(rest) : undefined);
        const numbers = new Float64Array(memory.buffer);
        for (const scalar of scalars) {
          numbers.fill(0, input / 8);
          for (let row = 0; row < rows; row++) numbers[input / 8 + row] = row + 1;
          stage.scalars[0] = scalar;
          team.run(stage);
          const results = Array.from(numbers.subarray(result / 8, result / 8 + rows));
          expect(results).toEqual(results.map((_, row) => (row + 1) * scalar));
          const sums = Array.from({ length: shares }, (_, share) => numbers[parts / 8 + 8 * share]);
          expect(sums.reduce((a, b) => a + b)).toBe((rows * (rows + 1)) / 2);
          const busy = Math.min(shares, Math.ceil(rows / chunkRows));
          expect(sums.filter((sum) => sum > 0).length).toBe(busy);
        }
        team.forget(stage);
      }),
      { numRuns: 30 },
    );
  });

  it("shares out work among all threads", () => {
    const stage = stageOf({ rows: 60, chunkRows: 1, shares: 60 }, countAndSign());
    stage.addresses[0] = result;
    stage.scalars[0] = 1e5;
    const expected = threadCounts.slice(0, threads).map((_, thread) => scratchOf(thread));
    const signed = new Set<number>();
    // on a busy machine a worker may come too late for some runs
    for (let i = 0; i < patience && signed.size < threads; i++) {
      team.run(stage);
      for (let row = 0; row < 60; row++) signed.add(new Int32Array(memory.buffer)[result / 4 + 2 * row]);
    }
    expect([...signed].sort()).toEqual(expected);
  });

  it.each(threadCounts.slice(0, threads))("hands over the error of thread %i, and goes on", (number) => {
    const words = new Int32Array(memory.buffer);
    const followed = (thread: number): number => scratchOf(thread) / 4 + 32;
    for (let thread = 0; thread < threads; thread++) words[followed(thread)] = 0;
    const stage = stageOf({ rows: 60, chunkRows: 1, shares: 60 }, countAndFollow());
    stage.addresses[0] = result;
    stage.scalars[0] = 1e5;
    const outside = -64; // 4 GiB less a little
    words[followed(number - 1)] = outside;
    expect(() => {
      for (let i = 0; i < patience; i++) team.run(stage);
    }).toThrow(
      expect.objectContaining({
        message: "memory access out of bounds",
        stack: expect.stringContaining("wasm"),
      }),
    );
    words[followed(number - 1)] = 0;
    for (let i = 0; i < 5; i++) team.run(stage);
  });

  it("sees memory that has grown since it started", () => {
    const rows = 60;
    const stage = stageOf({ rows, chunkRows: 1, shares: rows }, countAndSign());
    const before = memory.grow(1) * page;
    threadCounts.forEach((_, thread) => {
      stage.scratch[thread] = before + scratchOf(thread);
    });
    stage.addresses[0] = before + result;
    stage.scalars[0] = 1e6;
    team.run(stage);
    const words = new Int32Array(memory.buffer, before + result, 2 * rows).filter((_, i) => i % 2 === 0);
    expect(words.every((word) => word >= before)).toBe(true);
  });
});
