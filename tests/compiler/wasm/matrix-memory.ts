import type { Random } from "../../../src/compiler/random.js";
import type { Precision } from "../../../src/compiler/targets/target.js";
import type { ModuleWriter } from "../../../src/compiler/targets/wasm/assembler/module-writer.js";
import { webAssembly } from "../../../src/compiler/targets/wasm/web-assembly.js";

/** A matrix whose element (i, j) lies i * rowStride + j * columnStride elements after the first. */
export interface Layout {
  readonly rows: number;
  readonly columns: number;
  readonly rowStride: number;
  readonly columnStride: number;
}

/** A matrix in a memory. */
export interface PlacedMatrix {
  /** Of its element (0, 0), in bytes. */
  readonly address: number;
  /** Indices of its elements in the memory, row by row. */
  readonly places: readonly number[];
}

/** How an element is drawn. */
export type Draw = (random: Random) => number;

const memory = new webAssembly.Memory({ initial: 64 });
const alignment = 8;
const slackBytes = 16;

/**
 * A memory of matrices in which all the rest is NaN, each with another payload: a kernel that lets anything beside its
 * matrices count gives NaN, and one that writes there is found out. The first matrix lies at the very end, where one that
 * reads further than it may traps. There is one such memory at a time.
 */
export class MatrixMemory {
  readonly #numbers: Float32Array | Float64Array;
  readonly #words = new Uint32Array(memory.buffer);
  #end = memory.buffer.byteLength;

  constructor(precision: Precision) {
    const isFloat = precision === "float32";
    this.#numbers = isFloat ? new Float32Array(memory.buffer) : new Float64Array(memory.buffer);
    for (let at = 0; at < this.#words.length; at++) {
      this.#words[at] = isFloat ? 0x7fc00000 + at : at % 2 === 1 ? 0x7ff80000 : at;
    }
  }

  /** The address of so much memory, after which may be read, but not written. */
  room(bytes: number): number {
    this.#end = Math.floor((this.#end - slackBytes - bytes) / alignment) * alignment;
    return this.#end;
  }

  /** A matrix of random elements. */
  place({ rows, columns, rowStride, columnStride }: Layout, random: Random, draw: Draw): PlacedMatrix {
    const offsets = Array.from({ length: rows * columns }, (_, element) => {
      const row = Math.floor(element / columns);
      return row * rowStride + (element - row * columns) * columnStride;
    });
    const first = offsets.reduce((low, at) => Math.min(low, at), 0);
    const last = offsets.reduce((high, at) => Math.max(high, at), -1);
    const bytes = this.#numbers.BYTES_PER_ELEMENT;
    const start = this.room((last - first + 1) * bytes) / bytes - first;
    const places = offsets.map((offset) => start + offset);
    for (const at of places) this.#numbers[at] = draw(random);
    return { address: start * bytes, places };
  }

  /** The elements of a matrix, row by row. */
  read({ places }: PlacedMatrix): number[] {
    return places.map((at) => this.#numbers[at]);
  }

  /** Runs what a module exports as "run", and gives the indices of the numbers that it changed. */
  run(module: ModuleWriter, addresses: readonly number[]): number[] {
    const before = this.#words.slice();
    const compiled = new webAssembly.Module(module.bytes());
    const { exports } = new webAssembly.Instance(compiled, { env: { memory } });
    (exports.run as (...addresses: number[]) => void)(...addresses);
    const wordsOfNumber = this.#numbers.BYTES_PER_ELEMENT / this.#words.BYTES_PER_ELEMENT;
    const changed = new Set<number>();
    for (let at = 0; at < before.length; at++) {
      if (this.#words[at] !== before[at]) changed.add(Math.floor(at / wordsOfNumber));
    }
    return [...changed];
  }
}
