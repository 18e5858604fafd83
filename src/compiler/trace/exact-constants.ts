import type { Replacement } from "./replaced.js";

/**
 * tfjs rounds every number and list to a Float32Array before a backend sees it: 0.161 arrives as 0.16099999845, which
 * changes a double-precision step by 1e-6. While a function is traced, arrays made from lists of numbers remember the
 * doubles they were made from.
 */
const exactValues = new WeakMap<Float32Array, Float64Array>();

/** The doubles a Float32Array was made from during tracing, or the array itself. */
export function exactData(values: ArrayLike<number>): ArrayLike<number> {
  const exact = values instanceof Float32Array ? exactValues.get(values) : undefined;
  // the array may have been written to since
  const unchanged = exact?.every((value, i) => Object.is(Math.fround(value), values[i]));
  return exact && unchanged ? exact : values;
}

/** A Float32Array whose instances made from lists remember their doubles. */
export function rememberingFloat32Array(): Replacement {
  const value = new Proxy(globalThis.Float32Array, {
    construct(target, args: unknown[]): Float32Array {
      const made = Reflect.construct(target, args) as Float32Array;
      const [source] = args;
      if (Array.isArray(source) && typeof source[0] === "number")
        exactValues.set(made, Float64Array.from(source));
      return made;
    },
  });
  return { owner: globalThis, key: "Float32Array", value };
}
