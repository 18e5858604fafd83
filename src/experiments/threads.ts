import { availableThreads } from "../compiler/targets/available-threads.js";
import type { RunContext } from "./experiment.js";

/** Threads for a run's target: as many as it was given, else those of a target that is not told. */
export function threadsOf({ threads }: Pick<RunContext, "threads">): number {
  return threads ?? availableThreads();
}
