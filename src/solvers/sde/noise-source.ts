import type { Value } from "../../compiler/targets/target.js";
import type { ValueScope } from "../../compiler/targets/value-scope.js";
import type { BrownianPath } from "./brownian-path.js";

/** The noise along a step, on a target. */
export interface Noise {
  readonly dW: readonly Value[];
  readonly dZ: readonly Value[];
}

/** How much of the noise outlives the steps. */
export interface NoiseMemory {
  /** Whether the path is to remember what lies behind. */
  readonly path: boolean;
  /** Whether the values of accepted steps are needed for gradients. */
  readonly values: boolean;
}

/**
 * Tells a solve the noise of the step that it attempts. It is drawn on the host, in doubles, so that every target and
 * precision sees the same path.
 */
export class NoiseSource {
  constructor(
    private readonly path: BrownianPath,
    private readonly scope: ValueScope,
    private readonly memory: NoiseMemory,
  ) {}

  /** The noise from one time to another. */
  propose(from: number, to: number): Noise {
    const { dW, dZ } = this.path.increment(from, to);
    return { dW: this.scope.put(dW), dZ: this.scope.put(dZ) };
  }

  /** The step was taken: the next one starts at its end. */
  accept(noise: Noise, to: number): void {
    if (!this.memory.path) this.path.forgetBefore(to);
    if (!this.memory.values) this.free(noise);
  }

  /** The step was not taken: the next one is along a part of the same path. */
  reject(noise: Noise): void {
    this.free(noise);
  }

  private free({ dW, dZ }: Noise): void {
    this.scope.free([...dW, ...dZ]);
  }
}
