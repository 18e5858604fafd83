import { vectorFormats } from "../vector-format.js";
import type { MatMulSignature, MatrixStrides } from "./mat-mul-signature.js";
import { innerTiling, outerTiling, type Tiling } from "./register-tiles.js";

/** A copy of a factor in the scratch memory, its columns side by side. */
export interface PackedFactor {
  /** Bytes from the start of the scratch memory. */
  readonly offset: number;
  /** Elements from a row to the next. */
  readonly rowStride: number;
}

/** How a kernel goes about a product. */
export interface Plan {
  /**
   * Outer products want the columns of B side by side, inner products want both factors so along the inner axis; a
   * factor that lies otherwise is copied.
   */
  readonly form: "outer" | "inner";
  readonly tiling: Tiling;
  /** Where all of A is copied to before anything else, if it is. */
  readonly packedA?: PackedFactor;
  /** Where each panel of B, as many columns as a tile has, is copied to before it is used, if it is. */
  readonly packedB?: PackedFactor;
  readonly scratchBytes: number;
}

const pageBytes = 4096;
const cacheLineBytes = 64;
const vectorBytes = 16;

/** Pages that processors find in their first-level TLB: 64 (Intel) to 96 (AMD Zen 5). */
const pagesAtHand = 96;

/** A copy pays where each element is used so often, and where the inner axis is so long. */
const fewestUses = 8;

/** An inner axis that is shorter is over before inner products have paid for their last step. */
const shortInner = 32;

/** How a product is best computed. */
export function planOf(signature: MatMulSignature): Plan {
  const { a, b } = signature;
  const innerSideBySide = a.columnStride === 1 && b.rowStride === 1 && !reverses(a) && !reverses(b);
  const prefersInner = !pairsVectors(signature) && !isShallow(signature);
  if (b.columnStride !== 1 && innerSideBySide && prefersInner) {
    return { form: "inner", tiling: innerTiling(signature), scratchBytes: 0 };
  }
  return outerPlan(signature);
}

/** V8 pairs the vectors of outer products but not those of inner ones, which end in shuffles. */
function pairsVectors({ registerBits, rows }: MatMulSignature): boolean {
  return registerBits === 256 && rows >= fewestUses;
}

/** Inner products end in shuffles; where these are many and the inner axis is short, a copy of B costs less. */
function isShallow({ rows, columns, inner }: MatMulSignature): boolean {
  return inner < shortInner && rows * columns >= shortInner ** 2;
}

function outerPlan(signature: MatMulSignature): Plan {
  const { rows, inner, precision, a, b } = signature;
  const { bytes, lanes } = vectorFormats[precision];
  const tiling = outerTiling(signature);
  let scratchBytes = 0;
  const packed = (height: number, rowStride: number): PackedFactor => {
    const offset = scratchBytes;
    scratchBytes += roundUp(height * rowStride * bytes, cacheLineBytes);
    return { offset, rowStride };
  };
  // whole cache lines and one vector: a stride at which no power of two puts the rows of a tile into one set
  const rowOfA = (roundUp(inner * bytes, cacheLineBytes) + vectorBytes) / bytes;
  const rowOfPanel = roundUp(tiling.widths[0].size, lanes);
  const packsB = b.columnStride !== 1 || reverses(b) || strainsRowsOfB(signature);
  const packedB = packsB ? packed(inner, rowOfPanel) : undefined;
  const packedA = reverses(a) || strainsColumnsOfA(signature) ? packed(rows, rowOfA) : undefined;
  return { form: "outer", tiling, packedA, packedB, scratchBytes };
}

/** Whether a factor runs backwards: the constant offsets of WebAssembly's loads only go forwards. */
function reverses({ rowStride, columnStride }: MatrixStrides): boolean {
  return rowStride < 0 || columnStride < 0;
}

/**
 * A tile reads a part of a column of A in each step. Where the columns are on more pages than the processor has at
 * hand, or in the same set of its cache, half of the time is lost.
 */
function strainsColumnsOfA({ precision, rows, columns, inner, a }: MatMulSignature): boolean {
  if (a.columnStride === 1 || rows < fewestUses || columns < fewestUses || inner < fewestUses) return false;
  const stride = a.columnStride * vectorFormats[precision].bytes;
  return aliases(stride) || (inner * Math.min(stride, pageBytes)) / pageBytes > pagesAtHand;
}

/** Likewise the rows of B, but these are longer pieces of memory, so that the pages alone do no harm. */
function strainsRowsOfB({ precision, rows, columns, inner, b }: MatMulSignature): boolean {
  if (rows < fewestUses || columns < fewestUses || inner < fewestUses ** 2) return false;
  return aliases(b.rowStride * vectorFormats[precision].bytes);
}

/** First-level caches put addresses 4 KiB apart into the same set, which holds 8 to 12 lines. */
function aliases(stride: number): boolean {
  return stride > 0 && stride % pageBytes === 0;
}

function roundUp(length: number, unit: number): number {
  return Math.ceil(length / unit) * unit;
}
