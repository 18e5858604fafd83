import { sizeOf } from "../../compiler/shape.js";
import type { Precision, Target, TargetName, Value } from "../../compiler/targets/target.js";
import type { Residuals } from "./step-records.js";

const halfGibibyte = 2 ** 29;

/**
 * Bytes that residuals may take where nobody says otherwise. Keeping them takes 15 to 35 % off the time of a step and its
 * pullback on wasm and javascript; onnxruntime copies every output of a program, which costs more than it saves.
 */
const defaultBytes: Record<TargetName, number> = {
  wasm: halfGibibyte,
  javascript: halfGibibyte,
  onnx: 0,
  tfjs: halfGibibyte,
};

const bytesPerNumber: Record<Precision, number> = { float32: 4, float64: 8 };

/** Room for what the steps of a solve keep for their pullbacks: of as many steps, from the first on, as fit. */
export class ResidualMemory {
  private readonly precision: Precision;
  private used = 0;
  private lastStep = 0;
  private lastKind: Residuals | undefined;

  constructor(
    { name, precision }: Pick<Target, "name" | "precision">,
    private readonly limit = defaultBytes[name],
  ) {
    this.precision = precision;
  }

  /** Whether one more step fits, if it needs as much as the last. */
  get hasRoom(): boolean {
    return this.used < this.limit && this.used + this.lastStep <= this.limit;
  }

  /** Counts what is kept of a step among all that it made. */
  add(made: readonly Value[], residuals: Residuals): void {
    if (residuals !== this.lastKind) {
      const numbers = made.slice(residuals.from).reduce((sum, { shape }) => sum + sizeOf(shape), 0);
      this.lastStep = numbers * bytesPerNumber[this.precision];
      this.lastKind = residuals;
    }
    this.used += this.lastStep;
  }
}
