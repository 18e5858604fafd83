import type { RowProgram, RowsStage } from "../../../rows/row-program.js";
import { mostShares } from "./control-words.js";

/** What decides how a batch is cut. */
export interface PortionLimits {
  /** Batches of fewer rows are not cut. */
  readonly leastRows: number;
  /** Rows of a chunk, from the most to the least. */
  readonly chunkLengths: readonly number[];
  /** Chunks begin at multiples of so many rows. */
  readonly rowTile: number;
  /** Bytes that a chunk should touch at most. */
  readonly cacheBytes: number;
  /** Elements that have to be combined for threads to gain more than it costs to meet. */
  readonly leastWork: number;
  /** Bytes that the parts of running results may take together, where that lets there be more shares than threads. */
  readonly partsBytes: number;
}

/** Measured on x86; the cache is that of the second level, a million elements are some 50 microseconds of work. */
export const portionLimits: PortionLimits = {
  leastRows: 32,
  chunkLengths: [64, 32, 16],
  rowTile: 4, // the rows that a matrix product computes together
  cacheBytes: 2 ** 20,
  leastWork: 1_000_000,
  partsBytes: 2 ** 20,
};

/** What is to be cut, and for whom. */
export interface PortionRequest {
  readonly rows: number;
  /** Bytes of one number. */
  readonly elementBytes: number;
  readonly threads: number;
  readonly limits: PortionLimits;
}

/** Whether a program is better run in chunks: its rows outgrow the cache, or there are threads to share its work. */
export function isWorthCutting({ stages }: RowProgram, request: PortionRequest): boolean {
  const { rows, elementBytes, limits } = request;
  return stages.some(
    (stage) =>
      stage.kind === "rows" &&
      (stage.elementsPerRow * elementBytes * rows > limits.cacheBytes || threadsFor(stage, request) > 1),
  );
}

/** How many threads a stage is worth. */
export function threadsFor({ workPerRow }: RowsStage, { rows, threads, limits }: PortionRequest): number {
  return workPerRow * rows < limits.leastWork ? 1 : threads;
}

/**
 * Rows of a chunk: the most that fit the cache, or, where none do, the most. All chunks are of about the same length, and
 * every thread has as many.
 */
export function chunkRowsFor({ elementsPerRow }: RowsStage, request: PortionRequest): number {
  const { rows, elementBytes, threads, limits } = request;
  const { chunkLengths, cacheBytes, rowTile } = limits;
  const fits = (length: number): boolean => length * elementsPerRow * elementBytes <= cacheBytes;
  const length = chunkLengths.find(fits) ?? chunkLengths[0];
  const chunks = Math.ceil(rows / length / threads) * threads;
  return Math.ceil(rows / chunks / rowTile) * rowTile;
}

/**
 * Into how many shares a stage's chunks are divided: one for each chunk where no running results or small ones allow it,
 * so that whoever is free takes the next; at least one for each thread.
 */
export function sharesFor(chunks: number, runningBytes: number, { threads, limits }: PortionRequest): number {
  if (threads === 1) return 1;
  const affordable = runningBytes > 0 ? Math.floor(limits.partsBytes / runningBytes) : mostShares;
  return Math.min(chunks, mostShares, Math.max(threads, affordable));
}
