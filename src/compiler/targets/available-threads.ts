import { availableParallelism } from "node:os";

/** Threads that a program of large products uses unless told otherwise: the number of processors, at most 8. */
export function availableThreads(): number {
  return Math.min(availableParallelism(), 8);
}
