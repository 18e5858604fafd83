import type { Precision } from "../target.js";

/** How a vector of 16 bytes holds numbers of a precision: the parts of WebAssembly's instruction names. */
export interface VectorFormat {
  /** Type of one number. */
  readonly scalar: "f32" | "f64";
  /** Shape of a vector of them. */
  readonly vector: "f32x4" | "f64x2";
  /** Shape of the integers of the same width. */
  readonly integer: "i32x4" | "i64x2";
  /** Bytes of one number. */
  readonly bytes: 4 | 8;
  /** Numbers in a vector. */
  readonly lanes: 4 | 2;
  /** The instruction that reads one number into every lane. */
  readonly splat: "v128.load32_splat" | "v128.load64_splat";
}

/** The vector format of each precision. */
export const vectorFormats: Readonly<Record<Precision, VectorFormat>> = {
  float32: {
    scalar: "f32",
    vector: "f32x4",
    integer: "i32x4",
    bytes: 4,
    lanes: 4,
    splat: "v128.load32_splat",
  },
  float64: {
    scalar: "f64",
    vector: "f64x2",
    integer: "i64x2",
    bytes: 8,
    lanes: 2,
    splat: "v128.load64_splat",
  },
};
