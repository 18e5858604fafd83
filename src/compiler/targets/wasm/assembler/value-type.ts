/** The types of WebAssembly values that programs use. */
export type ValueType = "i32" | "i64" | "f32" | "f64" | "v128";

/** How each value type is written in a module. */
export const valueTypeCodes: Readonly<Record<ValueType, number>> = {
  i32: 0x7f,
  i64: 0x7e,
  f32: 0x7d,
  f64: 0x7c,
  v128: 0x7b,
};
