import type { ResidualSizes } from "../../compiler/derivatives/residuals.js";
import { sizeOf } from "../../compiler/shape.js";
import type { Precision, Target, TargetName, Value } from "../../compiler/targets/target.js";
import type { Residuals } from "./step-records.js";

/** Bytes that residuals may take where nobody says otherwise: half a gibibyte. */
const defaultBytes = 2 ** 29;

/**
 * What is kept on each target. Keeping arrays takes 15 to 35 % off the time of a step and its pullback on wasm and
 * javascript; onnxruntime copies every output of a program, which costs more than it saves. The norm of which E is made is a
 * single number: where the pullback of E has to find it again, it goes through all rows of a batch twice.
 */
export const residualSizes: Readonly<Record<TargetName, ResidualSizes>> = {
  wasm: "arrays",
  javascript: "arrays",
  onnx: "numbers",
  tfjs: "arrays",
};

const bytesPerNumber: Record<Precision, number> = { float32: 4, float64: 8 };

/** Room for what the steps of a solve keep for their pullbacks: of as many steps, from the first on, as fit. */
export class ResidualMemory {
  private readonly precision: Precision;
  private used = 0;
  private lastStep = 0;
  private lastKind: Residuals | undefined;

  constructor(
    { precision }: Pick<Target, "precision">,
    private readonly limit = defaultBytes,
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
