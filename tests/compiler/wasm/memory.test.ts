import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TargetError } from "../../../src/compiler/targets/target.js";
import { FirstFit } from "../../../src/compiler/targets/wasm/first-fit.js";
import { ALIGNMENT, paddedBytes, WasmMemory } from "../../../src/compiler/targets/wasm/memory.js";
import { ScratchArea } from "../../../src/compiler/targets/wasm/scratch-area.js";
import { wasmProgram } from "../../../src/compiler/targets/wasm/wasm-program.js";
import { WasmValue } from "../../../src/compiler/targets/wasm/wasm-value.js";
import { trace } from "../../../src/compiler/trace/trace.js";

interface Range {
  readonly start: number;
  readonly bytes: number;
}

/** Takes ranges and gives them back in the order that a list of numbers says; returns those that are left. */
function shuffle(
  choices: readonly number[],
  take: (bytes: number) => number,
  release: (range: Range) => void,
): Range[] {
  const taken: Range[] = [];
  for (const choice of choices) {
    if (choice % 3 === 0 && taken.length > 0) release(taken.splice(choice % taken.length, 1)[0]);
    else taken.push({ start: take(choice + 1), bytes: choice + 1 });
  }
  return taken;
}

function expectApart(ranges: readonly Range[]): void {
  const sorted = [...ranges].sort((a, b) => a.start - b.start);
  sorted.slice(1).forEach(({ start }, i) => {
    expect(start).toBeGreaterThanOrEqual(sorted[i].start + sorted[i].bytes);
  });
}

describe("ranges handed out first fit", () => {
  const anyChoices = fc.array(fc.nat(200), { maxLength: 200 });

  it("never overlap, and start where the line does", () => {
    fc.assert(
      fc.property(anyChoices, fc.nat(100), (choices, start) => {
        const line = new FirstFit(start);
        const taken = shuffle(
          choices,
          (bytes) => line.take(bytes),
          (range) => line.release(range.start, range.bytes),
        );
        expectApart(taken);
        for (const range of taken) {
          expect(range.start).toBeGreaterThanOrEqual(start);
          expect(range.start + range.bytes).toBeLessThanOrEqual(line.end);
        }
      }),
    );
  });

  it("are one range again when all were given back", () => {
    fc.assert(
      fc.property(anyChoices, (choices) => {
        const line = new FirstFit(0);
        const release = ({ start, bytes }: Range): void => line.release(start, bytes);
        for (const range of shuffle(choices, (bytes) => line.take(bytes), release)) release(range);
        expect(line.end).toBe(0);
        expect(line.take(line.longest)).toBe(0);
      }),
    );
  });
});

describe("the memory of a target", () => {
  it("keeps every array while others come and go, aligned to cache lines", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(3000), { maxLength: 100 }), (lengths) => {
        const memory = new WasmMemory({ shared: false });
        const live = new Map<number, number>();
        lengths.forEach((length, i) => {
          const address = memory.allocate(8 * length);
          expect(address % ALIGNMENT).toBe(0);
          expect(address).toBeGreaterThan(0);
          memory.write("float64", address, new Float64Array(length).fill(i));
          live.set(address, length);
          if (length % 3 > 0) return;
          const [first] = live.keys();
          memory.release(first, 8 * (live.get(first) as number));
          live.delete(first);
        });
        for (const [address, length] of live) {
          const numbers = memory.read("float64", address, length);
          expect(new Set(numbers).size).toBeLessThanOrEqual(1);
        }
        for (const [address, length] of live) memory.release(address, 8 * length);
        expect(memory.bytesInUse).toBe(0);
      }),
      { numRuns: 30 },
    );
  });

  it("refuses what is beyond 4 GiB, and goes on", () => {
    const memory = new WasmMemory({ shared: false });
    expect(() => memory.allocate(2 ** 32)).toThrow(TargetError);
    expect(() => memory.allocate(2 ** 32)).toThrow(/no room for 4294967360 more bytes beside the 0 in use/);
    const address = memory.allocate(8);
    memory.write("float64", address, [42]);
    expect(memory.read("float64", address, 1)).toEqual(Float64Array.of(42));
  });

  it("keeps one scratch area as large as the largest user needs, and the old one where a larger cannot be had", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 10_000 }), { minLength: 1, maxLength: 20 }), (sizes) => {
        const memory = new WasmMemory({ shared: false });
        const scratch = new ScratchArea(memory);
        const users: number[] = [];
        const expectLargest = (): void => {
          const largest = Math.max(0, ...users);
          expect(memory.bytesInUse).toBe(largest > 0 ? paddedBytes(largest) : 0);
        };
        for (const size of sizes) {
          scratch.reserve(size);
          users.push(size);
          expectLargest();
        }
        const { address } = scratch;
        expect(() => scratch.reserve(2 ** 32)).toThrow(TargetError);
        expect(scratch.address).toBe(address);
        while (users.length > 0) {
          scratch.release(users.shift() as number);
          expectLargest();
        }
      }),
      { numRuns: 30 },
    );
  });

  it("is bounded when 20,000 programs are compiled, run and disposed of", () => {
    const memory = new WasmMemory({ shared: false });
    const scratch = new ScratchArea(memory);
    const graphs = [3, 50].map((length) =>
      trace({ inputs: { x: [length] }, scalars: ["s"] }, ({ x, s }) => {
        const table = tf.tensor1d(Float32Array.from({ length }, (_, i) => i));
        const shifted = tf.add(tf.mul(x, s), table);
        return { outputs: { shifted }, readouts: { sum: tf.sum(tf.reverse(shifted)) } };
      }),
    );
    const readout = new Float64Array(1);
    const life = (i: number): void => {
      const program = wasmProgram(graphs[i % 2], { precision: "float64", memory, scratch });
      const length = i % 2 === 0 ? 3 : 50;
      const x = new WasmValue([length], 8 * length, memory);
      memory.write("float64", x.address, new Float64Array(length).fill(i));
      const results = program.run([x], Float64Array.of(2), readout);
      expect(readout[0]).toBe(length * 2 * i + (length * (length - 1)) / 2);
      for (const value of [x, ...results]) (value as WasmValue).free();
      program.dispose();
    };
    for (let i = 0; i < 100; i++) life(i);
    const { size } = memory;
    const before = process.memoryUsage().rss;
    for (let i = 0; i < 20_000; i++) life(i);
    expect(memory.size).toBe(size);
    expect(memory.bytesInUse).toBe(0);
    // a program that stays keeps its machine code, some 10 KB: 200 MB in all; garbage that waits comes to less
    expect(process.memoryUsage().rss - before).toBeLessThan(120 * 2 ** 20);
  }, 60_000);
});
