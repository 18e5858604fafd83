import { vectorFormats } from "../vector-format.js";
import type { MatMulSignature } from "./mat-mul-signature.js";
import { evenRuns, evenRunsOfUnits, type Run } from "./runs.js";

/** How C is cut into panels of columns, and each panel into tiles. */
export interface Tiling {
  /** Widths of the panels in elements. */
  readonly widths: readonly Run[];
  /** Heights of the tiles of a panel in rows, by the panel's width in elements. */
  heights(panel: number): readonly Run[];
}

/** The tiles whose sums and factors fit into the registers that a kind of arithmetic leaves. */
interface RegisterTiles {
  /** Sums side by side in a tile of 1, 2, 3, ... rows; no other tile has more rows than there are entries. */
  readonly widths: readonly number[];
  /** Rows of a tile that is one sum wide. */
  readonly tallest: number;
}

/** Products rounded before they are added, added without that, or added so in pairs of vectors. */
type Arithmetic = "rounded" | "fused" | "paired";

/*
 * x86-64 has 16 vector registers, of which V8 keeps one to itself. The sums of a tile, the factors of its shorter side
 * and one factor of the longer side must fit into them, and without fused multiply-add one product as well: one too many
 * costs a third to a half of the speed. On the other hand there should be eight sums or more, since a fused addition
 * takes four cycles and two are done in each, and square tiles read the fewest factors.
 *
 * Measured on an AMD EPYC (Zen 5) whose limit for vectors of 128 bits is 67 GFLOP/s, float32, 128 x 784 x 100:
 * rounded (Node 20) 4x2 64, 5x2 52, 8x1 42, 4x3 37, 6x2 37; fused (Node 24) 6x2 67, 5x2 64, 4x2 62, 4x4 42; paired
 * (Node 24) 6x4 134, 4x4 125, 6x2 97, 4x2 76.
 */
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
    heights: (panel) => (panel <= columnsOfSum ? evenRuns(rows, tallest) : heights),
  };
}
