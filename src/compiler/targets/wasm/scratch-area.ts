import type { WasmMemory } from "./memory.js";

/** One area of memory that all programs of a target compute in, one at a time: as large as the largest needs. */
export class ScratchArea {
  private readonly sizes: number[] = [];
  private bytes = 0;
  /** Where it lies now: it moves when it grows or shrinks. */
  address = 0;

  constructor(private readonly memory: WasmMemory) {}

  /** Makes room for a program. */
  reserve(bytes: number): void {
    if (bytes > this.bytes) this.resize(bytes);
    this.sizes.push(bytes);
  }

  /** Ends a program's use. */
  release(bytes: number): void {
    this.sizes.splice(this.sizes.indexOf(bytes), 1);
    if (bytes === this.bytes) this.resize(this.sizes.reduce((most, size) => Math.max(most, size), 0));
  }

  private resize(bytes: number): void {
    if (bytes === this.bytes) return;
    const address = bytes > 0 ? this.memory.allocate(bytes) : 0; // may fail: the old area stays until then
    if (this.bytes > 0) this.memory.release(this.address, this.bytes);
    this.address = address;
    this.bytes = bytes;
  }
}
