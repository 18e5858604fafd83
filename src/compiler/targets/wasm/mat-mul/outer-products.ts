import { get, load } from "../assembler/instruction.js";
import type { KernelWriter } from "./kernel-writer.js";
import type { TileForm } from "./tile-form.js";

/**
 * A tile as a sum of outer products: an element of A in every lane, times a piece of a row of B. The columns of B lie
 * side by side; A may lie in any way.
 */
export function outerProducts({ signature, format, a, b }: KernelWriter): TileForm {
  const { lanes, bytes } = format;
  return {
    columnsOfSum: lanes,
    stepLength: 1,
    readA: (i, k) =>
      load(format.splat, get(a), (i * signature.a.rowStride + k * signature.a.columnStride) * bytes),
    readB: (j, k) => load("v128.load", get(b), (k * signature.b.rowStride + j * lanes) * bytes),
    gather: (sums) => ({ code: [], rows: sums }),
  };
}
