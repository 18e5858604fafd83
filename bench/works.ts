import type { NdArray } from "glassbox";
import type { Reply } from "./engine.js";

/** A result of a run, and how to tell it to the other side. */
export interface Outcome {
  describe(): Omit<Reply, "milliseconds">;
}

/** Both works in one way of asking for them; run again and again. */
export interface Works {
  forward(): Outcome;
  gradient(): Outcome;
}

/** Euclidean norm over all elements. */
export function norm({ data }: NdArray): number {
  let squares = 0;
  for (const value of data) squares += value * value;
  return Math.sqrt(squares);
}

/** Norms of named arrays under their names, each behind a prefix. */
export function normsOf(prefix: string, arrays: Readonly<Record<string, NdArray>>): Record<string, number> {
  return Object.fromEntries(Object.entries(arrays).map(([name, array]) => [`${prefix}${name}`, norm(array)]));
}
