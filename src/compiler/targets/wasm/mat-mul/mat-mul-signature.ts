import type { Precision } from "../../target.js";

/** Where the elements of a matrix lie, counted in elements: (i, j) at i * rowStride + j * columnStride. */
export interface MatrixStrides {
  readonly rowStride: number;
  readonly columnStride: number;
}

/** What is known of a matrix product C = A B, or C += A B, when its kernel is written. */
export interface MatMulSignature {
  readonly precision: Precision;
  /** Rows of A and C. */
  readonly rows: number;
  /** Columns of B and C. */
  readonly columns: number;
  /** Columns of A, rows of B. */
  readonly inner: number;
  readonly a: MatrixStrides;
  readonly b: MatrixStrides;
  /** The columns of C lie side by side. */
  readonly c: Pick<MatrixStrides, "rowStride">;
  /** Whether the product is added to what C holds. */
  readonly accumulate: boolean;
  /** Whether products may be added without rounding them first, by the relaxed SIMD instructions. */
  readonly fusedMultiplyAdd: boolean;
  /**
   * Bits of a register of the machine; 256 where the engine is known to pair vector instructions
   * (V8's `--experimental-wasm-revectorize`).
   *
   * @defaultValue 128
   */
  readonly registerBits?: 128 | 256;
}
