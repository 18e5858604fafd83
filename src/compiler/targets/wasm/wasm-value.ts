import { type Shape, shapeText } from "../../shape.js";
import { TargetError, type Value } from "../target.js";
import type { WasmMemory } from "./memory.js";

/** The address of what is free again. */
const FREED = 0;

/** An array in a target's memory. */
export class WasmValue implements Value {
  private place: number;

  constructor(
    readonly shape: Shape,
    private readonly bytes: number,
    private readonly memory: WasmMemory,
  ) {
    this.place = memory.allocate(bytes);
  }

  /**
   * Where the array lies.
   *
   * @throws TargetError when it was freed.
   */
  get address(): number {
    if (this.place === FREED) {
      throw new TargetError(`a value of shape ${shapeText(this.shape)} is used after it was freed`);
    }
    return this.place;
  }

  /**
   * Address of the array in a memory.
   *
   * @throws TargetError when it is of another target.
   */
  addressIn(memory: WasmMemory): number {
    if (memory !== this.memory) {
      throw new TargetError(
        `a value of shape ${shapeText(this.shape)} belongs to another target; put it on this one`,
      );
    }
    return this.address;
  }

  /** Gives the memory back. */
  free(): void {
    this.memory.release(this.address, this.bytes);
    this.place = FREED;
  }
}
