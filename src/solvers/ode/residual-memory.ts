import { sizeOf } from "../../compiler/shape.js";
import type { Precision, Value } from "../../compiler/targets/target.js";

/**
 * Bytes that residuals may take where nobody says otherwise. Keeping them takes 5 to 35 % off the time of a step and
 * its pullback, most on wasm and javascript, unless the arrays are so small that handing them over costs more.
 */
const defaultBytes = 2 ** 29;

const bytesPerNumber: Record<Precision, number> = { float32: 4, float64: 8 };

/** Room for what the steps of a solve keep for their pullbacks: of as many steps, from the first on, as fit. */
export class ResidualMemory {
  private used = 0;
  private lastStep = 0;
  private lastCount = 0;

  constructor(
    private readonly precision: Precision,
    private readonly limit = defaultBytes,
  ) {}

  /** Whether one more step fits, if it needs as much as the last. */
  get hasRoom(): boolean {
    return this.used < this.limit && this.used + this.lastStep <= this.limit;
  }

  /** Counts what is kept of a step. */
  add(values: readonly Value[]): void {
    // steps of one program keep the same: as many values are as large
    if (values.length !== this.lastCount) {
      const numbers = values.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
      this.lastStep = numbers * bytesPerNumber[this.precision];
      this.lastCount = values.length;
    }
    this.used += this.lastStep;
  }
}
