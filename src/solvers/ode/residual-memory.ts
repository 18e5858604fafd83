import { sizeOf } from "../../compiler/shape.js";
import type { Precision, TargetName, Value } from "../../compiler/targets/target.js";

/** Bytes that residuals may take where nobody says otherwise. */
const largestByDefault = 2 ** 29;

/**
 * Keeping residuals spares the backward pass about a step's work, and costs writing and reading them, and rejected steps
 * for nothing.
 */
const defaultBytes: Record<TargetName, number> = {
  javascript: largestByDefault,
  onnx: largestByDefault,
  tfjs: largestByDefault,
  wasm: largestByDefault,
};

const bytesPerNumber: Record<Precision, number> = { float32: 4, float64: 8 };

/** Room for what the steps of a solve keep for their pullbacks: as many steps, from the first on, as fit. */
export class ResidualMemory {
  private used = 0;
  private lastStep = 0;
  private readonly limit: number;

  constructor(
    private readonly target: { readonly name: TargetName; readonly precision: Precision },
    limit: number | undefined,
  ) {
    this.limit = limit ?? defaultBytes[target.name];
  }

  /** Whether one more step fits, if it needs as much as the last. */
  get hasRoom(): boolean {
    return this.used < this.limit && this.used + this.lastStep <= this.limit;
  }

  /** Counts what is kept of a step. */
  add(values: readonly Value[]): void {
    const numbers = values.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
    this.lastStep = numbers * bytesPerNumber[this.target.precision];
    this.used += this.lastStep;
  }
}
