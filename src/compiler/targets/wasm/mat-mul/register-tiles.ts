import { vectorFormats } from "../vector-format.js";
import type { MatMulSignature } from "./mat-mul-signature.js";
import { evenRuns, evenRunsOfUnits, type Run } from "./runs.js";

/** How C is cut into panels of columns, and each panel into tiles. */
export interface Tiling {
  /** Widths of the panels in elements. */
  readonly widths: readonly Run[];
  /** Heights of the tiles of a panel in rows, by its width. */
  heights(width: number): readonly Run[];
}

/** The tiles whose sums and factors fit into the registers. */
interface RegisterTiles {
  /** Sums side by side in a tile of 1, 2, 3, ... rows; no other tile has more rows than there are entries. */
  readonly widths: readonly number[];
  /** Rows of a tile that is one sum wide. */
  readonly tallest: number;
}

type Arithmetic = "rounded" | "fused" | "paired";

const outerProductTiles: Record<Arithmetic, RegisterTiles> = {
  rounded: { widths: [8, 4, 2, 2], tallest: 6 },
  fused: { widths: [8, 6, 4, 2, 2, 2], tallest: 8 },
  paired: { widths: [8, 8, 4, 4, 4, 4], tallest: 8 },
};

const innerProductTiles: Record<Arithmetic, RegisterTiles> = {
  rounded: { widths: [8, 4], tallest: 4 },
  fused: { widths: [8, 6], tallest: 4 },
  paired: { widths: [8, 6], tallest: 4 },
};

/** The tiling for outer products: sums are vectors of neighbouring columns. */
export function outerTiling(signature: MatMulSignature): Tiling {
  const { lanes } = vectorFormats[signature.precision];
  const arithmetic = arithmeticOf(signature);
  const unit = arithmetic === "paired" ? 2 * lanes : lanes;
  return tilingOf(signature, outerProductTiles[arithmetic], lanes, unit);
}

/** The tiling for inner products: a sum is a vector for each element. */
export function innerTiling(signature: MatMulSignature): Tiling {
  return tilingOf(signature, innerProductTiles[arithmeticOf(signature)], 1, 1);
}

function arithmeticOf({ fusedMultiplyAdd, registerBits }: MatMulSignature): Arithmetic {
  if (registerBits === 256) return "paired";
  return fusedMultiplyAdd ? "fused" : "rounded";
}

function tilingOf(
  { rows, columns }: MatMulSignature,
  { widths, tallest }: RegisterTiles,
  columnsOfSum: number,
  unit: number,
): Tiling {
  const heights = evenRuns(rows, widths.length);
  const width = widths[heights[0].size - 1] * columnsOfSum;
  return {
    widths: evenRunsOfUnits(columns, width, unit),
    heights: (width) => (width <= columnsOfSum ? evenRuns(rows, tallest) : heights),
  };
}
