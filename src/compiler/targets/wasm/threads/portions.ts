import type { RowProgram, RowsStage } from "../../../rows/row-program.js";
import { mostShares } from "./control-words.js";

/** Batches of fewer rows are not cut. */
export const leastRows = 32;

/** Rows of a chunk, from the most to the least. */
const chunkLengths = [64, 32, 16];

/** Chunks begin at multiples of so many rows, in which matrix products are computed. */
const rowTile = 4;

/** Bytes that a chunk should touch at most, so that they stay in the second-level cache. */
const cacheBytes = 1024 * 1024;

/** Elements that have to be combined for threads to gain more than they take to meet: about 50 microseconds of work. */
const leastWork = 200_000;

/** Bytes that the parts of running results may take together, where that lets there be more shares than threads. */
const partsBytes = 1024 * 1024;

/** Whether a program is better run in chunks: its rows outgrow the cache, or there are threads to share its work. */
export function isWorthCutting({ rows, stages }: RowProgram, elementBytes: number, threads: number): boolean {
  return stages.some((stage) => {
    if (stage.kind === "shared") return false;
    return stage.elementsPerRow * elementBytes * rows > cacheBytes || threadsFor(stage, rows, threads) > 1;
  });
}

/** How many threads a stage is worth. */
export function threadsFor({ workPerRow }: RowsStage, rows: number, threads: number): number {
  return workPerRow * rows < leastWork ? 1 : threads;
}

/**
 * Rows of a chunk: the most that fit the cache, or, where none do, the most. All chunks are of about the same length, and
 * every thread has as many.
 */
export function chunkRowsFor(
  { elementsPerRow }: RowsStage,
  rows: number,
  elementBytes: number,
  threads: number,
): number {
  const [longest] = chunkLengths;
  const fits = (length: number): boolean => length * elementsPerRow * elementBytes <= cacheBytes;
  const length = chunkLengths.find(fits) ?? longest;
  const chunks = Math.ceil(rows / length / threads) * threads;
  return Math.ceil(rows / chunks / rowTile) * rowTile;
}

/**
 * Into how many shares a stage's chunks are divided: one for each chunk where no running results or small ones allow it,
 * so that whoever is free takes the next; at least one for each thread.
 */
export function sharesFor(chunks: number, runningBytes: number, threads: number): number {
  if (threads === 1) return 1;
  const affordable = runningBytes > 0 ? Math.floor(partsBytes / runningBytes) : mostShares;
  return Math.min(chunks, mostShares, Math.max(threads, affordable));
}
