import { type VectorFormat, vectorFormats } from "../vector-format.js";
import type { MatMulSignature } from "./mat-mul-signature.js";
import { evenRuns, evenRunsOfUnits, type Run } from "./runs.js";

/** How C is cut into tiles: heights and widths in elements. */
export interface Tiling {
  readonly heights: readonly Run[];
  readonly widths: readonly Run[];
}

/** Sums side by side in a tile of 1, 2, 3, ... rows; a tile has no more rows than there are entries. */
type WidthsByRows = readonly number[];

const outerProducts = {
  rounded: [8, 4, 2, 2],
  fused: [8, 6, 4, 2, 2, 2],
  paired: [8, 8, 4, 4, 4, 4],
} as const satisfies Record<string, WidthsByRows>;

const innerProducts = {
  rounded: [8, 4],
  fused: [8, 6],
  paired: [8, 6],
} as const satisfies Record<string, WidthsByRows>;

function arithmeticOf({ fusedMultiplyAdd, registerBits }: MatMulSignature): keyof typeof outerProducts {
  if (registerBits === 256) return "paired";
  return fusedMultiplyAdd ? "fused" : "rounded";
}

export function outerTiling(signature: MatMulSignature): Tiling {
  const { lanes }: VectorFormat = vectorFormats[signature.precision];
  const unit = signature.registerBits === 256 ? 2 * lanes : lanes;
  return tiling(signature, outerProducts[arithmeticOf(signature)], lanes, unit);
}

export function innerTiling(signature: MatMulSignature): Tiling {
  return tiling(signature, innerProducts[arithmeticOf(signature)], 1, 1);
}

function tiling({ rows, columns }: MatMulSignature, widths: WidthsByRows, sum: number, unit: number): Tiling {
  const heights = evenRuns(rows, widths.length);
  const width = widths[heights[0].size - 1] * sum;
  return { heights, widths: evenRunsOfUnits(columns, width, unit) };
}
