import { type Precision, TargetError } from "../target.js";
import { FirstFit } from "./first-fit.js";
import { type WebAssemblyMemory, webAssembly } from "./web-assembly.js";

/** Every range starts at a multiple of this: a cache line. */
export const ALIGNMENT = 64;
const LINE_BITS = 6;

/** Bytes behind each array that may be read, so that its last vector can be read whole. */
const SLACK = 16;

const PAGE = 65536;
const MOST_PAGES = 65536;

/** Arrays up to this size lie in ranges that are kept apart by size: values of small systems come and go by the thousand. */
const LARGEST_SMALL = 4096 - SLACK;

/** Bytes that an array takes in memory, its slack included. */
export function paddedBytes(bytes: number): number {
  return Math.ceil((bytes + SLACK) / ALIGNMENT) * ALIGNMENT;
}

/** The same in cache lines, for a small array: whole numbers all the way, which takes a fraction of the time. */
function linesOf(bytes: number): number {
  return (bytes + SLACK + ALIGNMENT - 1) >> LINE_BITS;
}

/**
 * The one memory of a target: values, constants and scratch areas lie in it side by side.
 *
 * It grows and never shrinks; what is released is used again. Views are new whenever it has grown, so take them from
 * here at each use.
 */
export class WasmMemory {
  readonly memory: WebAssemblyMemory;
  /** Whether other threads see it too. */
  readonly isShared: boolean;
  float32: Float32Array;
  float64: Float64Array;
  int32: Int32Array;
  private readonly ranges = new FirstFit(ALIGNMENT); // no range starts at address 0
  private readonly small: number[][] = Array.from({ length: linesOf(LARGEST_SMALL) + 1 }, () => []);
  private used = 0;

  constructor({ shared }: { readonly shared: boolean }) {
    this.isShared = shared;
    const limits = shared ? { initial: 1, maximum: MOST_PAGES, shared } : { initial: 1 };
    this.memory = new webAssembly.Memory(limits);
    const { buffer } = this.memory;
    this.float32 = new Float32Array(buffer);
    this.float64 = new Float64Array(buffer);
    this.int32 = new Int32Array(buffer);
  }

  /** Bytes in use. */
  get bytesInUse(): number {
    return this.used;
  }

  /** Bytes of the memory itself. */
  get size(): number {
    return this.float64.length * 8;
  }

  /**
   * The address of a range for so many bytes and their slack. What lies there is arbitrary.
   *
   * @throws TargetError when the memory cannot grow any more.
   */
  allocate(bytes: number): number {
    if (bytes > LARGEST_SMALL) return this.takeNew(paddedBytes(bytes));
    const lines = linesOf(bytes);
    const known = this.small[lines].pop();
    if (known === undefined) return this.takeNew(lines * ALIGNMENT);
    this.used += lines * ALIGNMENT;
    return known;
  }

  /** Gives back what `allocate` returned for this many bytes. */
  release(address: number, bytes: number): void {
    if (bytes <= LARGEST_SMALL) {
      const lines = linesOf(bytes);
      this.used -= lines * ALIGNMENT;
      this.small[lines].push(address);
    } else {
      const padded = paddedBytes(bytes);
      this.used -= padded;
      this.ranges.release(address, padded);
    }
  }

  /** Copies numbers into the memory, rounded to the precision. */
  write(precision: Precision, address: number, data: ArrayLike<number>): void {
    if (precision === "float64") this.float64.set(data, address / 8);
    else this.float32.set(data, address / 4);
  }

  /** A copy of numbers in the memory. */
  read(precision: Precision, address: number, length: number): Float64Array | Float32Array {
    if (precision === "float64") return this.float64.slice(address / 8, address / 8 + length);
    return this.float32.slice(address / 4, address / 4 + length);
  }

  /** Numbers in the memory, where they lie until it grows. */
  view(precision: Precision, address: number, length: number): Float64Array | Float32Array {
    if (precision === "float64") return this.float64.subarray(address / 8, address / 8 + length);
    return this.float32.subarray(address / 4, address / 4 + length);
  }

  private takeNew(padded: number): number {
    const address = this.ranges.take(padded);
    if (this.ranges.end > this.size) this.growFor(address, padded);
    this.used += padded;
    return address;
  }

  private growFor(address: number, padded: number): void {
    const missing = Math.ceil((this.ranges.end - this.size) / PAGE);
    const pages = this.size / PAGE;
    const generous = Math.min(Math.max(missing, pages >> 2), MOST_PAGES - pages);
    try {
      this.memory.grow(Math.max(missing, generous));
    } catch {
      this.ranges.release(address, padded);
      throw new TargetError(
        `the wasm target has no room for ${padded} more bytes beside the ${this.used} in use (its limit is 4 GiB); ` +
          "free values that are no longer needed, use smaller batches, or the target onnx",
      );
    }
    const { buffer } = this.memory;
    this.float32 = new Float32Array(buffer);
    this.float64 = new Float64Array(buffer);
    this.int32 = new Int32Array(buffer);
  }
}
